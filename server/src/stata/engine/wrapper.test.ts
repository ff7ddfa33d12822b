import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_COMMAND_BYTES, type WrapperOptions, wrapperDoFile } from './wrapper.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`wrapper.test.ts: fast-check seed ${seed}`)

const plain: WrapperOptions = { file: '/work/a.do', workingDir: '/work', args: [], platform: 'linux' }
const wrapper = (options: Partial<WrapperOptions>) => wrapperDoFile({ ...plain, ...options })

function refused(options: Partial<WrapperOptions>): string {
  const result = wrapper(options)
  if (result.ok) throw new Error(`was not refused: ${result.value}`)
  return `${result.error.parameter}: ${result.error.message}`
}

test('the wrapper changes to the working directory and does the file', () => {
  expect(
    wrapper({ file: '/data/my "wage"/main file.do', workingDir: "/data/o'neil", args: ['2019', 'two words'] }),
  ).toEqual({
    ok: true,
    value: `cd \`"/data/o'neil"'\ndo \`"/data/my "wage"/main file.do"' 2019 "two words"\n`,
  })
})

test('Windows paths are written with forward slashes, drive and share alike', () => {
  const options = { platform: 'win32', file: 'C:\\Users\\ada\\a b.do', workingDir: '\\\\server\\share\\ada' } as const
  expect(wrapper(options)).toEqual({ ok: true, value: 'cd `"//server/share/ada"\'\ndo `"C:/Users/ada/a b.do"\'\n' })
})

describe('an argument', () => {
  test.each([
    ['2019', '2019'],
    ['-0.5', '-0.5'],
    ['', '""'],
    [' ', '" "'],
    ['  both ends  ', '"  both ends  "'],
    ["o'neil", '"o\'neil"'],
    ["'", '"\'"'],
    ['5" pipe', '`"5" pipe"\''],
    ['"', '`"""\''],
    ['"quoted"', '`""quoted""\''],
    ['C:\\data\\', '"C:\\data\\"'],
    ['größe, 東京 😀', '"größe, 東京 😀"'],
    ['a, replace', '"a, replace"'],
    ['data/*.csv // all', '"data/*.csv // all"'],
    ['x'.repeat(5000), 'x'.repeat(5000)],
  ])('%j is written as %s', (arg, word) => {
    expect(wrapper({ args: [arg] })).toEqual({ ok: true, value: `cd \`"/work"'\ndo \`"/work/a.do"' ${word}\n` })
  })

  test.each([
    ['costs $5', 'dollar sign'],
    ['`x', 'backtick'],
    ['two\nlines', 'control character'],
    ['two\rlines', 'control character'],
    ['nul\0', 'control character'],
    ['a\tb', 'control character'],
    [`"'`, `a double quote before a single quote`],
    [`say "it's"' now`, `a double quote before a single quote`],
    [`'"`, `a double quote before a single quote`],
    ['half \ud83d', 'not valid Unicode'],
  ])('%j is refused, with its number and the reason', (arg, reason) => {
    expect(refused({ args: ['fine', arg] })).toMatch(/^args: Argument 2 /)
    expect(refused({ args: ['fine', arg] })).toContain(reason)
  })

  test('is refused when all of them make a command longer than Stata takes', () => {
    const args = Array.from({ length: 10 }, () => 'ä'.repeat(MAX_COMMAND_BYTES / 20))
    expect(refused({ args })).toMatch(/^args: .* bytes; Stata takes 160000/)
  })

  test('comes back from the quotes as it went in, for any text that is not refused', () => {
    const tricky = fc.string({
      unit: fc.constantFrom('"', "'", '`', '$', ' ', '\\', ',', '/', '*', 'a', '7', 'é', '\n'),
    })
    fc.assert(
      fc.property(fc.array(fc.oneof(tricky, fc.string({ unit: 'grapheme' }))), (args) => {
        const result = wrapper({ args })
        if (!result.ok) return
        const words = result.value.slice(result.value.indexOf('do ')).trimEnd().slice('do '.length)
        expect(splitLikeStata(words)).toEqual(['/work/a.do', ...args])
      }),
      { numRuns: 2000, seed },
    )
  })
})

describe('a path', () => {
  test.each([
    [{ file: 'a.do' }, /^file: .*not a full path/],
    [{ file: '~/a.do' }, /^file: .*not a full path/],
    [{ file: '/work/a' }, /^file: .*look for "\/work\/a\.do"/],
    [{ file: '/work.d/a' }, /^file: .*no extension/],
    [{ file: '/work/a.' }, /^file: .*no extension/],
    [{ file: '/work/`a.do' }, /^file: .*backtick/],
    [{ file: '/work/$a.do' }, /^file: .*dollar/],
    [{ file: '/work/a\nb.do' }, /^file: .*control character/],
    [{ file: `/work/"'a.do` }, /^file: .*double quote before a single quote/],
    [{ file: '/work/a\\b.do' }, /^file: .*backslash/],
    [{ workingDir: '.' }, /^workingDir: .*not a full path/],
    [{ workingDir: '/home/$USER' }, /^workingDir: .*dollar/],
    [{ platform: 'win32' }, /^file: .*not a full path/],
    [{ platform: 'win32', file: 'C:a.do' }, /^file: .*not a full path/],
  ] as const)('%o is refused: %s', (options, message) => {
    expect(refused(options)).toMatch(message)
  })
})

/** Stata's rules for the words after a command: blanks part them, quotes of either kind keep them together. */
function splitLikeStata(text: string): string[] {
  const words: string[] = []
  let at = 0
  while (at < text.length) {
    if (text[at] === ' ') {
      at += 1
    } else if (text.startsWith('`"', at)) {
      const end = text.indexOf(`"'`, at + 2)
      words.push(text.slice(at + 2, end))
      at = end + 2
    } else if (text[at] === '"') {
      const end = text.indexOf('"', at + 1)
      words.push(text.slice(at + 1, end))
      at = end + 1
    } else {
      const end = text.indexOf(' ', at)
      words.push(text.slice(at, end === -1 ? undefined : end))
      at = end === -1 ? text.length : end
    }
  }
  return words
}
