import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readLogicalLines } from './logical-lines.ts'

const texts = (source: string): string[] => readLogicalLines(source).map((line) => line.text)

describe('logical lines of a do-file', () => {
  test('a line is a command, and a missing last newline does not matter', () => {
    expect(texts('display 1\ndisplay 2')).toEqual(['display 1', 'display 2'])
  })

  test('carriage returns and a byte order mark are no part of a line', () => {
    expect(texts('\uFEFFdisplay 1\r\ndisplay 2\r\n')).toEqual(['display 1', 'display 2'])
  })

  test.each([
    ['* a comment', ['']],
    ['// a comment', ['']],
    ['display 1 // a comment', ['display 1']],
    ['display 1 /* inside */ + 2', ['display 1  + 2']],
    ['display 1 /* outer /* inner */ still */ + 2', ['display 1  + 2']],
    ['display "http://example.org"', ['display "http://example.org"']],
    ['display "a // b /* c */"', ['display "a // b /* c */"']],
    [`display \`"say "hi" // now"'`, [`display \`"say "hi" // now"'`]],
    ['display 2*3', ['display 2*3']],
    ['use http://example.org/data', ['use http://example.org/data']],
    ['* a comment /* that opens\na block */\ndisplay 1', ['', 'display 1']],
  ])('comments of %j leave %j', (source, expected) => {
    expect(texts(source)).toEqual(expected)
  })

  test('three slashes join the next line and keep both for the echo', () => {
    expect(readLogicalLines('display 1 /// first\n  + 2\n')).toEqual([
      { text: 'display 1    + 2', physical: ['display 1 /// first', '  + 2'] },
    ])
  })

  test('a block comment joins the lines it spans', () => {
    expect(readLogicalLines('/* one\n two */\ndisplay 1\n')).toEqual([
      { text: '', physical: ['/* one', ' two */'] },
      { text: 'display 1', physical: ['display 1'] },
    ])
  })

  test('under #delimit ; a command ends at the semicolon, wherever that is', () => {
    const lines = readLogicalLines('#delimit ;\ndisplay 1\n  + 2; display 3;\n#delimit cr\ndisplay 4\n')
    expect(lines.map((line) => line.text)).toEqual([
      '#delimit ;',
      'display 1   + 2',
      'display 3',
      '#delimit cr',
      'display 4',
    ])
    expect(lines.map((line) => line.delimiter)).toEqual([';', undefined, undefined, 'cr', undefined])
  })

  test('a semicolon inside quotes ends nothing', () => {
    expect(texts('#d ;\ndisplay "a;b";\n')[1]).toBe('display "a;b"')
  })

  test('every source line is echoed exactly once, whatever the text', () => {
    const piece = fc.constantFrom('a', '"', '`"', `"'`, '/*', '*/', '//', '///', '\n', ' ', '*', "'", '{', '}')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const source = pieces.join('')
        const echoed = readLogicalLines(source).flatMap((line) => line.physical)
        expect(echoed.join('\n')).toBe(source.replace(/\n$/, ''))
      }),
    )
  })
})
