import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const LOGGER = fileURLToPath(new URL('./create-logger.ts', import.meta.url))

const SCRIPT = `
  import { createLogger } from ${JSON.stringify(LOGGER)}
  const log = createLogger('info')
  for (let line = 1; line <= 3; line += 1) log.info('line ' + line)
  setImmediate(() => { log.info('later'); process.stdout.write('went on') })
`

test.skipIf(!existsSync('/dev/full'))(
  'a log that cannot be written neither ends the process nor keeps it',
  async () => {
    const command = ['-c', 'exec "$0" "$@" 2>/dev/full', process.execPath, '--input-type=module', '-e', SCRIPT]
    const child = spawn('/bin/sh', command, { stdio: ['ignore', 'pipe', 'ignore'] })
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    try {
      const [stdout] = await Promise.all([text(child.stdout), once(child, 'exit')])
      expect([stdout, child.exitCode, child.signalCode]).toEqual(['went on', 0, null])
    } finally {
      clearTimeout(timer)
    }
  },
  30_000,
)
