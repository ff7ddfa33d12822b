import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { openFollowed, serveFollowed } from './followed-log.ts'
import type { Subject } from './subject.ts'

const BIN = createRequire(import.meta.url).resolve('frontail/bin/frontail')

/** frontail, as its command line starts it: socket.io, one event for each line and viewer. */
export function frontail(workspace: string): Subject {
  return {
    name: 'frontail',
    async open(lines, how) {
      const log = await openFollowed(workspace, lines, how)
      const flags = (port: number) => ['--host', '127.0.0.1', '--port', `${port}`, '--number', '0']
      const namespace = createHash('md5').update(log.logPath).digest('hex')
      return await serveFollowed(
        log,
        (port) => [process.execPath, BIN, ...flags(port), '--disable-usage-stats', log.logPath],
        (port) => ({
          kind: 'socket.io',
          port,
          path: `/socket.io/?EIO=3&transport=websocket&namespace=${namespace}`,
        }),
      )
    },
  }
}
