import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { recentFiles } from './recent-files.ts'
import { parseStartDraft, type StartDraft, startAddress } from './start-address.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`start-address.test.ts: fast-check seed ${seed}`)

const parse = (address: string) => parseStartDraft(new URL(address, 'http://x').searchParams)

test('what is put into the address comes out again', async () => {
  const draft: fc.Arbitrary<StartDraft> = fc.record({
    file: fc.option(fc.string({ minLength: 1, unit: 'grapheme' })),
    args: fc.array(fc.string({ unit: 'grapheme' })),
    workingDir: fc.option(fc.string({ minLength: 1, unit: 'grapheme' })),
    timeoutMs: fc.option(fc.integer({ min: 1, max: 1_000_000 }).map((seconds) => seconds * 1_000)),
  })
  const property = fc.property(draft, (value) => {
    expect(parse(startAddress(value))).toEqual(value)
  })
  await fc.assert(property, { seed })
})

test('a time limit that makes no sense is left out', () => {
  for (const text of ['-1', '0', 'soon', '']) expect(parse(`/start?timeout=${text}`).timeoutMs).toBeNull()
})

test('recent files are told once, the newest first', () => {
  const runs = ['/b.do', '/a.do', '/b.do', '/c.do', '/d.do'].map((file) => ({ file }))
  expect(recentFiles(runs, 3)).toEqual(['/b.do', '/a.do', '/c.do'])
})
