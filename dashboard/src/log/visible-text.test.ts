import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visibleText } from './visible-text.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`visible-text.test.ts: fast-check seed ${seed}`)

test('control characters are shown as their pictures', () => {
  expect(visibleText('a\u0000b\u001b[31mred\u0007\u007f\rz')).toBe('a␀b␛[31mred␇␡␍z')
  expect(visibleText('\u0085')).toBe('<0085>')
})

test('what turns the direction of text around, or has no width, is named', () => {
  expect(visibleText('user\u202etxt.exe\u2066\u200b\ufeff')).toBe('user<202E>txt.exe<2066><200B><FEFF>')
})

test('text of any script, tabs and markup stay as they are', () => {
  const text = 'ünïcødé ✓ مرحبا שלום 漢字 👍🏽\t<script>alert(1)</script> &amp;'
  expect(visibleText(text)).toBe(text)
})

test('nothing invisible is left of whatever comes', () => {
  const property = fc.property(fc.array(fc.nat(0x2100)), (codes) => {
    const text = String.fromCharCode(...codes)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(visibleText(text)).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  })
  fc.assert(property, { seed })
})
