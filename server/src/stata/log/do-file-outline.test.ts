import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outlineDoFile } from './do-file-outline.ts'

const outline = (source: string) => outlineDoFile(source).statements.map(({ text, line }) => [line, text])

test('comments and blank lines are no statements', () => {
  expect(
    outline(
      '* a comment\n\n// another\nclear // and more\n/* block\n  /* nested */ clear\n*/ use x /* in between */, clear\n',
    ),
  ).toEqual([
    [4, 'clear'],
    [7, 'use x , clear'],
  ])
})

test('a continued statement is one', () => {
  expect(outline('reg y x ///\n  z /// why\n  w\nclear')).toEqual([
    [1, 'reg y x'],
    [4, 'clear'],
  ])
})

test('a comment that goes on takes the next line with it', () => {
  expect(outline('* one ///\nclear\nuse x')).toEqual([[3, 'use x']])
})

test('two slashes inside quotes or a word are code', () => {
  expect(outline('use "http://a.b/c.dta"\nuse http://a.b/c.dta\ndisplay `"say "/* hi */" // now"\'')).toEqual([
    [1, 'use "http://a.b/c.dta"'],
    [2, 'use http://a.b/c.dta'],
    [3, 'display `"say "/* hi */" // now"\''],
  ])
})

test('loops, conditions with their else, programs, Mata and Python blocks are one statement each', () => {
  const source = `foreach v of varlist a b {
  if 1 {
    display "}"
  }
}
if x {
  clear
}
else if y {
  clear
}
else clear
program define p
  if 1 {
  }
end
mata:
real scalar f(x)
{
}
end
mata: x = 1
python
end
input a b
1 2
end
program drop p
quietly {
  clear
}
exit`
  expect(outline(source)).toEqual([
    [1, 'foreach v of varlist a b {'],
    [6, 'if x {'],
    [13, 'program define p'],
    [17, 'mata:'],
    [22, 'mata: x = 1'],
    [23, 'python'],
    [25, 'input a b'],
    [28, 'program drop p'],
    [29, 'quietly {'],
    [32, 'exit'],
  ])
})

test('a semicolon ends statements after #delimit', () => {
  expect(outline('#delimit ;\nreg y\n  x;\nforeach v in a b {;\n clear;\n};\n#delimit cr\nclear\n')).toEqual([
    [1, '#delimit ;'],
    [2, 'reg y'],
    [4, 'foreach v in a b {;'],
    [7, '#delimit cr'],
    [8, 'clear'],
  ])
})

test('Windows line ends and a byte order mark make no difference', () => {
  expect(outline('\ufeffclear\r\nuse x ///\r\n, clear\r\n')).toEqual([
    [1, 'clear'],
    [2, 'use x'],
  ])
})

test('any text has an outline, in order', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(fc.string(), fc.constantFrom('{', '}', 'end', '/*', '*/', '///', '#d ;', ';', 'mata:', 'if x {')),
      ),
      (lines) => {
        const numbers = outlineDoFile(lines.join('\n')).statements.map(({ line }) => line)
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b))
      },
    ),
  )
})
