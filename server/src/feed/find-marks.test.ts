import { isMark, type LineKind, type MarkKind } from '@tailgate/shared'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { WrittenLog } from './feed.fixture.ts'
import { findMarks, type MarksQuery } from './find-marks.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`find-marks.test.ts: fast-check seed ${seed}`)

type Line = { readonly text: string; readonly kind: LineKind }

const NEVER = new AbortController().signal

async function writeLines(lines: readonly Line[]): Promise<WrittenLog> {
  const log = new WrittenLog()
  if (lines.length > 0) log.write(lines.map(({ text }) => `${text}\n`).join(''))
  for (const [i, { kind }] of lines.entries()) await log.kinds.revise(i + 1, kind)
  return log
}

function ask(log: WrittenLog, query: Partial<MarksQuery> & { readonly kind: MarkKind }) {
  return findMarks(log.feed, log.kinds, { from: undefined, limit: 100, direction: 'forward', signal: NEVER, ...query })
}

const failed: Line[] = [
  { text: '. * Wages', kind: 'command' },
  { text: '. ', kind: 'command' },
  { text: '. summarize wage ///', kind: 'command' },
  { text: '>   if female', kind: 'continuation' },
  { text: 'a table', kind: 'output' },
  { text: '. regress wage nobody', kind: 'command' },
  { text: 'variable nobody not found', kind: 'error' },
  { text: 'r(111);', kind: 'error' },
  { text: '', kind: 'output' },
]

describe('the marks of a log', () => {
  test('are its commands with their continuations, without the echoes of empty lines', async () => {
    expect(await ask(await writeLines(failed), { kind: 'command' })).toEqual({
      marks: [
        { number: 1, lines: 1, text: '. * Wages' },
        { number: 3, lines: 2, text: '. summarize wage ///' },
        { number: 6, lines: 1, text: '. regress wage nobody' },
      ],
      scannedTo: 9,
      total: 9,
      generation: 0,
      complete: true,
    })
  })

  test('are its errors, a message and its return code being one', async () => {
    const log = await writeLines(failed)
    const error = { number: 7, lines: 2, text: 'variable nobody not found' }
    expect((await ask(log, { kind: 'error' })).marks).toEqual([error])
    expect((await ask(log, { kind: 'error', from: 8 })).marks).toEqual([])
    expect((await ask(log, { kind: 'error', direction: 'backward' })).marks).toEqual([error])
  })

  test('come from an empty log as from one that has not been written yet', async () => {
    const log = await writeLines([])
    expect(await ask(log, { kind: 'error' })).toMatchObject({ marks: [], scannedTo: 0, complete: true })
    expect(await ask(log, { kind: 'error', direction: 'backward' })).toMatchObject({ marks: [], complete: true })
    expect(await ask(log, { kind: 'command', from: 50 })).toMatchObject({ marks: [], scannedTo: 0, complete: true })
  })

  test('have no more of a very long line than its beginning', async () => {
    const log = await writeLines([{ text: `. display "${'x'.repeat(100_000)}"`, kind: 'command' }])
    expect((await ask(log, { kind: 'command' })).marks[0]?.text).toHaveLength(500)
  })

  test('come in pages, either way, that together are all of them', async () => {
    const line = fc.record({
      text: fc.constantFrom('. ', '. do x', 'some output', 'y'.repeat(300), 'r(111);', 'end of do-file'),
      kind: fc.constantFrom<LineKind>('output', 'command', 'continuation', 'error'),
    })
    const query = fc.record({
      kind: fc.constantFrom<MarkKind>('command', 'error'),
      limit: fc.integer({ min: 1, max: 5 }),
      blockLines: fc.integer({ min: 1, max: 40 }),
    })
    const property = fc.asyncProperty(fc.array(line, { maxLength: 60 }), query, async (lines, { kind, ...page }) => {
      const log = await writeLines(lines)
      const expected = marksOf(lines, kind)
      for (const direction of ['forward', 'backward'] as const) {
        const numbers: number[] = []
        let from: number | undefined
        for (let complete = false; !complete; ) {
          const answer = await ask(log, { kind, ...page, direction, from })
          expect(answer.marks.length).toBeLessThanOrEqual(page.limit)
          numbers.push(...answer.marks.map(({ number }) => number))
          complete = answer.complete
          from = direction === 'forward' ? answer.scannedTo + 1 : answer.scannedTo - 1
        }
        expect(numbers).toEqual(direction === 'forward' ? expected : expected.toReversed())
      }
    })
    await fc.assert(property, { seed, numRuns: 60 })
  })
})

/** The same, said plainly: an error begins where the line before is none. */
function marksOf(lines: readonly Line[], kind: MarkKind): number[] {
  return lines.flatMap((line, i) => {
    const before = lines[i - 1]
    const begins = kind === 'command' || before?.kind !== 'error'
    return line.kind === kind && begins && isMark(kind, line.text, before?.text ?? '') ? [i + 1] : []
  })
}
