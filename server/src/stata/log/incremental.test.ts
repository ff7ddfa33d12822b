import type { LineKind } from '@tailgate/shared'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outlineDoFile } from './do-file-outline.ts'
import { createLogParser, type LogParser, parseLogParserSnapshot } from './log-parser.ts'

/** What must hold of the parser for any log, however it is cut into pieces. */

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`incremental.test.ts: fast-check seed ${seed}`)
const options = { seed, numRuns: 300 }

/** Lines that mean something, so that random logs get somewhere. */
const FRAGMENTS = [
  '',
  '. ',
  '. do sub.do',
  '. * a comment',
  '. use wages, clear',
  '. regress y x ///',
  '>     z',
  '. foreach v in a b {',
  '  2.     gen z = 1',
  '  3. }',
  '. if 1 {',
  '. }',
  '. program define p',
  '  1. end',
  '. mata:',
  '------------------------------------------------- mata (type end to exit) -----',
  ': x = 1',
  ': end',
  '. #delimit ;',
  '. cd "/data"',
  '/data',
  'x not found',
  'r(111);',
  'r(1);',
  '--Break--',
  'end of do-file',
  'Bootstrap replications (500)',
  '----+--- 1 ---+--- 2 ---+--- 3 ---+--- 4 ---+--- 5 ',
  '..................................................    50',
  'Bootstrap replications (5,000): .........10.........20',
  '> .........30',
  'Iteration 3:   log likelihood = -27.1',
  'file out.dta saved',
  'file /a/very/long/path/of/a/file.dta',
  '    saved',
  '(output written to table.tex)',
  '       log:  /data/a.log',
  ' opened on:  1 Jan 2026, 12:00:00',
  '. log close',
  '. exit, STATA',
  '  1. | 3  4 |',
]
const source = outlineDoFile('use wages, clear\nregress y x ///\n  z\nforeach v in a b {\n}\nlog close\nexit, STATA\n')

const line = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...FRAGMENTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from(bytes).toString('latin1')) },
)
const log = fc.array(
  fc.tuple(
    line,
    fc.boolean().map((cut) => cut),
  ),
  { maxLength: 120 },
)
const settings = { workingDir: '/work', source }

type Reading = { kinds: LineKind[]; state: unknown }

function conclude(parser: LogParser, kinds: LineKind[]): Reading {
  const state = {
    verdict: parser.verdict(),
    progress: parser.progress(),
    files: parser.savedFiles(),
    command: parser.command,
    revision: parser.revision,
    lines: parser.lines,
  }
  return { kinds, state: structuredClone(state) }
}

function readAll(lines: readonly (readonly [string, boolean])[], restartAt: ReadonlySet<number>): Reading {
  let parser = createLogParser(settings)
  const kinds: LineKind[] = []
  const revise = () => {
    for (const revision of parser.takeRevisions()) kinds[revision.line - 1] = revision.kind
  }
  for (const [index, [text, cut]] of lines.entries()) {
    if (restartAt.has(index)) {
      const restore = parseLogParserSnapshot(JSON.parse(JSON.stringify(parser.snapshot())))
      if (restore === null) throw new Error('its own snapshot was refused')
      parser = createLogParser({ source, restore })
    }
    kinds.push(parser.push(text, cut))
    revise()
  }
  return conclude(parser, kinds)
}

test('a parser restored at any lines says what an uninterrupted one says', () => {
  fc.assert(
    fc.property(log, fc.array(fc.nat(120), { maxLength: 5 }), (lines, restarts) => {
      expect(readAll(lines, new Set(restarts))).toEqual(readAll(lines, new Set()))
    }),
    options,
  )
})

test('revisions may be taken after every line or once at the end', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const each = readAll(
        lines.map((text) => [text, false] as const),
        new Set(),
      )
      const parser = createLogParser(settings)
      const kinds = lines.map((text) => parser.push(text))
      for (const revision of parser.takeRevisions()) kinds[revision.line - 1] = revision.kind
      expect(conclude(parser, kinds)).toEqual(each)
    }),
    options,
  )
})

test('looking does not change what is read', () => {
  fc.assert(
    fc.property(log, (lines) => {
      const parser = createLogParser(settings)
      const kinds = lines.map(([text, cut]) => {
        parser.partialProgress(text)
        parser.verdict()
        parser.snapshot()
        return parser.push(text, cut)
      })
      for (const revision of parser.takeRevisions()) kinds[revision.line - 1] = revision.kind
      expect(conclude(parser, kinds)).toEqual(readAll(lines, new Set()))
    }),
    options,
  )
})

test('statements only go forward, and replications stay within their total', () => {
  fc.assert(
    fc.property(log, (lines) => {
      const parser = createLogParser(settings)
      let current = 0
      for (const [text, cut] of lines) {
        parser.push(text, cut)
        const { statement, replications } = parser.progress()
        expect(statement?.current ?? 0).toBeGreaterThanOrEqual(current)
        current = statement?.current ?? current
        if (replications?.total != null) expect(replications.done).toBeLessThanOrEqual(replications.total)
      }
    }),
    options,
  )
})

test('a revision is of a line that has been pushed, and its number is of output', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 60 }), (lines) => {
      const parser = createLogParser(settings)
      for (const [index, text] of lines.entries()) {
        parser.push(text)
        for (const { line: number } of parser.takeRevisions()) {
          expect(number).toBeGreaterThan(0)
          expect(number).toBeLessThanOrEqual(index)
          expect(lines[number - 1]?.trim()).not.toBe('')
        }
      }
    }),
    options,
  )
})

test('anything but a snapshot is refused', () => {
  for (const json of [null, 1, 'x', [], {}, { version: 0, state: {} }, { version: 1, state: null }]) {
    expect(parseLogParserSnapshot(json)).toBeNull()
  }
})

test('a line of megabytes costs no more than its examined part, and the state stays small', () => {
  const parser = createLogParser(settings)
  for (const start of ['. display "', 'x', 'r(', 'file ', '.....', '1 1 1 ', '    ', 'Iteration 1: ', '(', '/* ']) {
    for (let count = 0; count < 20; count += 1) parser.push(start.repeat(200_000))
    parser.push('r(111);')
    parser.push('')
  }
  expect(JSON.stringify(parser.snapshot()).length).toBeLessThan(256 * 1024)
})
