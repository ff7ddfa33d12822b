/** Whatever a do-file holds, the interpreter answers as Stata would: with an end of the do-file or a return code. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memorySystem } from './testing/memory-system.ts'
import { runSource } from './testing/run-source.ts'

const seed = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31)

function endsAsStataDoes(source: string): void {
  const log = runSource(source, memorySystem())
  expect(log.at(-1)).toMatch(/^(?:end of do-file|r\(\d+\);|\. .*exit.*|.*quit.*|\. .*)$/)
}

test(`bytes of any kind never crash it (seed ${seed})`, () => {
  const source = fc.uint8Array({ maxLength: 300 }).map((bytes) => new TextDecoder().decode(bytes))
  fc.assert(fc.property(source, endsAsStataDoes), { seed, numRuns: 500 })
})

/** Pieces of the language in any order find what characters alone hardly ever do. `while` is left out: it may never end. */
const PIECES = [
  'display ',
  'local ',
  'global ',
  'forvalues i = 1/2 {',
  'foreach x in a b {',
  'foreach x of varlist _all {',
  'if ',
  'else ',
  'else {',
  'quietly ',
  'capture ',
  'noisily ',
  'program define p',
  'end',
  'p',
  '}',
  '{',
  '\n',
  '\n',
  '\n',
  '///',
  '/*',
  '*/',
  '//',
  '*',
  '"',
  '`"',
  `"'`,
  "`x'",
  '$g',
  '`=',
  '`:',
  "'",
  '(',
  ')',
  '[',
  ']',
  ',',
  '=',
  '==',
  '+',
  '-',
  '1',
  '.5',
  '.',
  '.a',
  'x',
  'y',
  '_n',
  '_N',
  ' in 1/2',
  ' using x',
  'set obs 3',
  'generate x = ',
  'replace x = ',
  'drop ',
  'keep ',
  'list',
  'summarize',
  'tabulate x',
  'describe',
  'count',
  'sort x',
  'save d',
  'use d',
  'preserve',
  'restore',
  'clear',
  'assert ',
  'confirm ',
  'exit',
  'error 1',
  'continue',
  ', break',
  'return ',
  'tokenize ',
  'scalar s = ',
  'timer on 1',
  'log using l.log',
  'log close',
  '#delimit ;',
  ';',
  '#delimit cr',
  '%9.2f ',
  '_col(5)',
  '_dup(3)',
  'substr("abc", 1, 2)',
  'word count a b',
  ': ',
  '++',
  'set linesize 40',
  '{hline}',
  'rename x y',
  'format x %9.2f',
  'label variable x "l"',
  'args a b',
  'macro drop _all',
  'do main.do',
  'run main.do',
]

test(`pieces of the language in any order never crash it (seed ${seed})`, () => {
  const source = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(' '))
  fc.assert(fc.property(source, endsAsStataDoes), { seed, numRuns: 1500 })
})
