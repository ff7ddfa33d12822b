import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAX_SOURCE_BYTES, type Source } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { readSource } from './read-source.ts'

async function sourceOf(content: string | Buffer): Promise<Source> {
  const directory = await mkdtemp(join(tmpdir(), 'tailgate-source-'))
  try {
    const path = join(directory, 'a.do')
    await writeFile(path, content)
    await using handle = await open(path)
    return await readSource(handle, '/p/a.do')
  } finally {
    await rm(directory, { recursive: true })
  }
}

test.each([
  ['nothing', '', ''],
  ['no line end', 'display 1', 'display 1'],
  ['a line end', 'display 1\n', 'display 1\n'],
  ['line ends of Windows', 'a\r\nb\r\n', 'a\nb\n'],
  ['blank lines', '\n\na\n\n', '\n\na\n\n'],
  ['letters beyond ASCII', 'display "größe"', 'display "größe"'],
])('a do-file with %s is given as it is', async (_what, content, text) => {
  expect(await sourceOf(content)).toMatchObject({ path: '/p/a.do', text, truncated: false })
})

test('a line that is not UTF-8 is read as Windows-1252, and spoils no other', async () => {
  const { text } = await sourceOf(Buffer.from('ü\n\xfc\n€', 'utf8'))
  expect(text).toBe('ü\nü\n€')
  const latin = Buffer.concat([Buffer.from('ü\n'), Buffer.from([0xfc, 0x0a]), Buffer.from('€')])
  expect((await sourceOf(latin)).text).toBe('ü\nü\n€')
})

test('a file that is too long is cut behind a line, and says so', async () => {
  const source = await sourceOf(`${'display "ü"\n'.repeat(MAX_SOURCE_BYTES / 13 + 10)}`)
  expect(source.truncated).toBe(true)
  expect(source.bytes).toBeGreaterThan(MAX_SOURCE_BYTES)
  expect(source.text.length).toBeLessThanOrEqual(MAX_SOURCE_BYTES)
  expect(source.text.endsWith('display "ü"\n')).toBe(true)
})
