import { describe, expect, test } from 'vitest'
import { expandMacros, type MacroScope } from './expand.ts'

function scope(locals: Record<string, string>, globals: Record<string, string> = {}): MacroScope {
  const values = new Map(Object.entries(locals))
  return {
    local: (name) => values.get(name) ?? '',
    global: (name) => globals[name] ?? '',
    setLocal: (name, value) => values.set(name, value),
    evaluate: (expression) => `<${expression}>`,
    extendedFunction: (text) => `[${text}]`,
  }
}

const braced = (name: string): string => `\${${name}}`

describe('macro expansion', () => {
  test.each([
    ["`x'", 'ex'],
    ["a`x'b", 'aexb'],
    ["`x`i''", 'three'],
    ["`nothing'", ''],
    ['$g', 'gee'],
    [`${braced('g')}1`, 'gee1'],
    [braced("g`i'"), 'gee3'],
    ['cost: $5', 'cost: $5'],
    ["`=1+`i''", '<1+3>'],
    ["`:word count `x''", '[word count ex]'],
    ["it's", "it's"],
    ['`"quoted `x\'"\'', '`"quoted ex"\''],
    ["\\`x'", "`x'"],
    ['\\$g', '$g'],
    ["`outer'", 'ex'],
    ["`macval(outer)'", "`x'"],
    ['no end `x', 'no end `x'],
    ["`e(depvar)'", '<e(depvar)>'],
  ])('%s becomes %s', (text, expected) => {
    const locals = { x: 'ex', i: '3', x3: 'three', outer: "`x'" }
    expect(expandMacros(text, scope(locals, { g: 'gee', g3: 'gee3' }))).toBe(expected)
  })

  test('++ counts before the value is taken, and after it when it stands behind', () => {
    const counting = scope({ i: '1' })
    expect(expandMacros("`++i' `i' `i++' `i' `--i'", counting)).toBe('2 2 2 3 2')
  })

  test('a macro that contains itself is an error, not a hang', () => {
    expect(() => expandMacros("`x'", scope({ x: "`x'" }))).toThrow('too many macros')
  })
})
