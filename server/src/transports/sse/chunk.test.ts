import { expect, test } from 'vitest'
import { Chunk } from './chunk.ts'

test('a chunk has the length of its bytes, in hexadecimal, before it', () => {
  const chunk = Chunk.of(`data: ${'é'.repeat(10)}\n\n`)
  expect(chunk.framed.toString()).toBe(`1c\r\ndata: ${'é'.repeat(10)}\n\n\r\n`)
  expect(chunk.body.toString()).toBe(`data: ${'é'.repeat(10)}\n\n`)
})

test('a chunk of Latin-1 is made of the codes of its characters', () => {
  const chunk = Chunk.of('\xe9', 'latin1')
  expect(chunk.framed).toEqual(Buffer.from([0x31, 0x0d, 0x0a, 0xe9, 0x0d, 0x0a]))
})
