import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const IMPORT = /\bfrom '([^']+)'|\bimport\('([^']+)'\)/g
const ALLOWED = ['@tailgate/shared', '@trpc/client', 'eventsource', 'eventsource-parser']

test('what is shipped imports nothing that browsers lack, and of the gateway only types', async () => {
  const files = await readdir(import.meta.dirname, { recursive: true })
  const shipped = files.filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('testing'),
  )
  expect(shipped).toContain('index.ts')
  for (const file of shipped) {
    const source = (await readFile(join(import.meta.dirname, file), 'utf8')).replaceAll(/^import type .*$/gm, '')
    for (const [, from = ''] of source.matchAll(IMPORT)) {
      if (from.startsWith('.')) expect(from, file).not.toContain('testing/')
      else expect(ALLOWED, file).toContain(from)
    }
  }
})
