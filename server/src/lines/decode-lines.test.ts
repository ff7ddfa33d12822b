import { expect, test } from 'vitest'
import { decodeLine, decodeLines } from './decode-lines.ts'

test('lines lose their ends, LF or CRLF, and nothing else', () => {
  expect(decodeLines(Buffer.from('a\r\n\n b \r\r\n\0\n'))).toEqual(['a', '', ' b \r', '\0'])
})

test('no bytes are no lines, and one line end is one empty line', () => {
  expect(decodeLines(Buffer.alloc(0))).toEqual([])
  expect(decodeLines(Buffer.from('\n'))).toEqual([''])
})

test('every byte of Windows-1252 has its letter', () => {
  const bytes = Buffer.from(Array.from({ length: 0x80 }, (_, i) => 0x80 + i))
  const text = decodeLine(bytes)
  expect(text).toHaveLength(0x80)
  expect(text.slice(0, 7)).toBe('€\x81‚ƒ„…†')
  expect(text.slice(0x60)).toBe('àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ')
})

test('a byte order mark is left in the text, as it is in the bytes', () => {
  expect(decodeLines(Buffer.from('\uFEFFa\n'))).toEqual(['\uFEFFa'])
})
