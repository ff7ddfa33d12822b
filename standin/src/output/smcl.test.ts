import { expect, test } from 'vitest'
import { renderSmcl } from './smcl.ts'

test.each([
  ['plain', 'plain'],
  ['{hline 5}', '-----'],
  ['{txt}a{res}b', 'ab'],
  ['{bf:bold} {it:x}', 'bold x'],
  ['{c -(}x{c )-}', '{x}'],
  ['{dup 3:ab}', 'ababab'],
  ['a{col 5}b', 'a   b'],
  ['{ralign 5:ab}|', '   ab|'],
  ['{not a directive}', '{not a directive}'],
  ['{', '{'],
])('%s shows %s', (text, expected) => {
  expect(renderSmcl(text, 1, 79)).toBe(expected)
})

test('a bare {hline} runs to the end of the line', () => {
  expect(renderSmcl('ab{hline}', 1, 10)).toBe('ab--------')
})
