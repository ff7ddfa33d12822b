import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { tokenizeDoFile } from './do-file-tokens.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`do-file-tokens.test.ts: fast-check seed ${seed}`)

/** Each line as `kind:text`, plain text left out. */
function marked(text: string): string[][] {
  return tokenizeDoFile(text).map((tokens) =>
    tokens.filter(({ kind }) => kind !== 'plain').map(({ kind, text }) => `${kind}:${text}`),
  )
}

test('no character is lost or moved, whatever the text', async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '/*',
      '*/',
      '//',
      '///',
      '* ',
      '"',
      '`"',
      '"\'',
      "`x'",
      '$x',
      `$\{x}`,
      '\n',
      ' ',
      ':',
      '{',
      'display',
    ),
    fc.string({ unit: 'grapheme' }),
  )
  const property = fc.property(fc.array(piece), (pieces) => {
    const text = pieces.join('').replaceAll('\r', '')
    const back = tokenizeDoFile(text).map((tokens) => tokens.map((token) => token.text).join(''))
    expect(back.join('\n')).toBe(text.replace(/\n$/, ''))
  })
  await fc.assert(property, { seed })
})

test.each([
  ['generate y = x * 2', ['command:generate']],
  ['  quietly regress y x', ['command:quietly', 'command:regress']],
  ['bysort id: generate n = _n', ['command:bysort', 'command:generate']],
  ['* a comment', ['comment:* a comment']],
  ['generate y = a * b', ['command:generate']],
  ['display 1 // why', ['command:display', 'comment:// why']],
  ['display "http://x"', ['command:display', 'string:"http://x"']],
  ['display `"a "quoted" b"\'', ['command:display', 'string:`"a "quoted" b"\'']],
  [`display \`i' $root $\{S_DATE}`, ['command:display', "macro:`i'", 'macro:$root', `macro:$\{S_DATE}`]],
  ['di /* in between */ 2', ['command:di', 'comment:/* in between */']],
  ['', []],
])('%s', (line, expected) => {
  expect(marked(line)).toEqual([expected])
})

test('a continued command has one first word, and a block comment goes on over lines, nested', () => {
  expect(marked('regress y ///\n    x z\nlist')).toEqual([['command:regress', 'comment:///'], [], ['command:list']])
  expect(marked('/* one /* two */\nstill\n*/ list')).toEqual([
    ['comment:/* one /* two */'],
    ['comment:still'],
    ['comment:*/'],
  ])
})
