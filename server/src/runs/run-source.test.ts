import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { keepSource, readKeptSource, readOutline } from './run-source.ts'

/** What is kept of a do-file, and its outlines: made while it was copied, and without a copy. */
async function kept(content: string | Buffer) {
  const runDir = mkdtempSync(join(tmpdir(), 'tailgate-source-'))
  onTestFinished(() => rmSync(runDir, { recursive: true }))
  const path = join(runDir, 'main.do')
  await writeFile(path, content)
  await using doFile = await open(path)
  const { size } = await doFile.stat()
  const outlines = [await keepSource(doFile, size, runDir), await readOutline(doFile, size)]
  return { outlines, copy: readFileSync(join(runDir, 'source.txt')), source: await readKeptSource(runDir, path) }
}

test('a do-file is copied byte for byte, and outlined as it was then', async () => {
  const content = Buffer.from('display 1\r\nforvalues i = 1/3 {\n  display "\xfc"\n}\n', 'latin1')
  const { outlines, copy, source } = await kept(content)
  expect(copy).toEqual(content)
  expect(outlines[0]).not.toBeNull()
  expect(outlines[1]).toEqual(outlines[0])
  expect(source).toMatchObject({ bytes: content.length, truncated: false })
})

test('an empty do-file has an empty copy', async () => {
  expect((await kept('')).copy).toHaveLength(0)
})

test('a long do-file is copied, and not outlined', async () => {
  const content = 'display 1\n'.repeat(110_000)
  const { outlines, copy } = await kept(content)
  expect(copy.equals(Buffer.from(content))).toBe(true)
  expect(outlines).toEqual([null, null])
})
