import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { compileKernel, LineKernel, SPARE_BYTES } from './line-kernel.ts'
import { utf8Log } from './log-bytes.fixture.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`line-kernel.test.ts: fast-check seed ${seed}`)

/** What nobody may overwrite; looks like a line end, an escape and a foreign letter to who reads too far. */
const CANARY = Buffer.from('\n"\0\r\xe9', 'latin1')
const MEMORY_BYTES = 64 * 1024
const small = new LineKernel(MEMORY_BYTES)
const large = new LineKernel(1024 * 1024)

beforeEach(() => {
  for (const { memory } of [small, large]) memory.fill(CANARY)
})

type Encoder = 'dataFields' | 'jsonStrings'
const encoders = ['dataFields', 'jsonStrings'] as const

/** What has to be written for these lines; a string's letters stand for bytes. */
const known: Readonly<Record<Encoder, (lines: readonly string[]) => string>> = {
  dataFields: (lines) => lines.map((line) => `data: ${line}\n`).join(''),
  jsonStrings: (lines) => JSON.stringify(lines).slice(1, -1),
}

const isAscii = (lines: readonly string[]) => !/[\x80-\xff]/.test(lines.join(''))
const isPlain = (lines: readonly string[]) => !/[\0\r]/.test(lines.join(''))

/** Encodes `lines` and expects exactly what is known of them, and every byte elsewhere as it was. */
function check(encoder: Encoder, lines: readonly string[], { from = 0, at = 0, room = 0, kernel = small }): void {
  const { memory } = kernel
  const inputOf = (some: readonly string[]) => some.map((line) => `${line}\n`).join('')
  let fitting = lines
  while (known[encoder](fitting).length > room) fitting = fitting.slice(0, -1)
  const output = known[encoder](fitting)
  const limit = at + room
  memory.write(inputOf(lines), from, 'latin1')
  const before = Buffer.from(memory)

  const { ascii, plain, ...place } = kernel[encoder](from, from + inputOf(lines).length, at, limit)

  expect(place).toEqual({
    read: from + inputOf(fitting).length,
    written: at + output.length,
    lines: fitting.length,
  })
  expect(memory.toString('latin1', at, place.written)).toBe(output)
  // The line that did not fit may have been looked at, and its first bytes be written up to the spare ones.
  const looked = lines.slice(0, fitting.length + 1)
  expect([isAscii(fitting), isAscii(looked)]).toContain(ascii)
  expect([isPlain(fitting), isPlain(looked)]).toContain(plain)
  expect(memory.subarray(0, at).equals(before.subarray(0, at))).toBe(true)
  expect(memory.subarray(limit + SPARE_BYTES).equals(before.subarray(limit + SPARE_BYTES))).toBe(true)
}

const anyByte = fc.integer({ min: 0, max: 0xff }).filter((byte) => byte !== 0x0a)
const specialByte = fc.constantFrom(...Buffer.from('"\\\0\r\t\b\f\x1f \x7f\x80\xff', 'latin1'))
const letter = fc.integer({ min: 0x20, max: 0x7e })
const line = fc
  .oneof(
    ...[letter, anyByte, specialByte, fc.oneof({ weight: 9, arbitrary: letter }, specialByte)].map((byte) =>
      fc.array(byte, { maxLength: 70, size: 'max' }),
    ),
  )
  .map((bytes) => Buffer.from(bytes).toString('latin1'))
const someLines = fc.array(line, { maxLength: 12, size: 'max' })

describe.each(encoders)('%s', (encoder) => {
  const lengthOf = (lines: readonly string[]) => known[encoder](lines).length

  test('writes exactly what plain JavaScript would, wherever it lies and wherever it has to stop', () => {
    const property = fc.property(
      someLines,
      fc.nat(64),
      fc.nat(64),
      fc.double({ min: 0, max: 1.1 }),
      (lines, a, b, r) => {
        const room = Math.floor(lengthOf(lines) * (Number.isNaN(r) ? 1 : r))
        check(encoder, lines, { from: a, at: 16_384 + b, room })
        check(encoder, lines, { from: 16_384 + a, at: b, room })
      },
    )
    fc.assert(property, { seed, numRuns: 300 })
  })

  test('takes lines of every length to 40 at every alignment, one byte of room too few or just enough', () => {
    for (let length = 0; length <= 40; length++) {
      for (let alignment = 0; alignment < 16; alignment++) {
        const lines = ['x'.repeat(length), 'next']
        const place = { from: 1024 + alignment, at: 4096 + ((alignment * 7) % 16) }
        for (const room of [
          lengthOf(lines),
          lengthOf(lines) - 1,
          lengthOf(lines.slice(0, 1)),
          lengthOf(lines.slice(0, 1)) - 1,
        ])
          check(encoder, lines, { ...place, room })
      }
    }
  })

  test('stops before the line that does not fit, whatever the room', () => {
    const lines = ['', 'a', '"quoted" \\ and\tso on', 'x'.repeat(16), '\0\r\x01', 'é'.repeat(9), '', '"'.repeat(33)]
    for (let room = 0; room <= lengthOf(lines) + 20; room++) check(encoder, lines, { from: 1000, at: 5000, room })
  })

  test('takes every byte, alone and at every place of a block', () => {
    for (let byte = 0; byte < 0x100; byte++) {
      if (byte === 0x0a) continue
      const letter = String.fromCharCode(byte)
      const lines = Array.from({ length: 18 }, (_, i) => `${'.'.repeat(i)}${letter}`)
      check(encoder, [letter, ...lines, letter.repeat(40)], { from: 1000, at: 5000, room: 8000 })
    }
  })

  test('takes long lines', () => {
    for (const length of [16 * 1024, 64 * 1024, 64 * 1024 + 1]) {
      check(encoder, ['x'.repeat(length), 'y'], { from: 3, at: 400_001, kernel: large, room: 100_000 })
      check(encoder, ['\x01'.repeat(length), 'y'], { from: 3, at: 400_001, kernel: large, room: 500_000 })
      check(encoder, ['x', 'x'.repeat(length)], { from: 3, at: 400_001, kernel: large, room: length })
    }
  })

  test('keeps UTF-8 as it is', () => {
    const property = fc.property(utf8Log, (bytes) => {
      const log = Buffer.concat([bytes, Buffer.from('\n')])
      log.copy(small.memory, 100)
      const { written } = small[encoder](100, 100 + log.length, 8192, 16_384)
      expect(small.memory.toString('utf8', 8192, written)).toBe(
        known[encoder](log.toString('utf8', 0, log.length - 1).split('\n')),
      )
    })
    fc.assert(property, { seed, numRuns: 250 })
  })

  test('touches no more than the spare bytes: input and output may lie at either end of the memory', () => {
    const lines = ['first', 'x'.repeat(31), '\x01'.repeat(9)]
    const inputBytes = lines.join('\n').length + 1
    const last = MEMORY_BYTES - SPARE_BYTES
    for (let room = 0; room <= lengthOf(lines); room++) {
      check(encoder, lines, { from: last - inputBytes, at: 0, room })
      check(encoder, lines, { from: 0, at: last - room, room })
    }
    check(encoder, lines, { from: 0, at: inputBytes, room: lengthOf(lines) })
    check(encoder, lines, { from: lengthOf(lines) + SPARE_BYTES, at: 0, room: lengthOf(lines) })
  })

  test('no lines are nothing', () => {
    check(encoder, [], { from: 64, at: 128, room: 0 })
    check(encoder, [], { from: 64, at: 128, room: 100 })
  })

  test('forgets what an earlier call has seen', () => {
    check(encoder, ['\0', 'é'], { from: 64, at: 128, room: 100 })
    check(encoder, ['a'], { from: 64, at: 128, room: 100 })
  })

  test.each([
    ['input before the memory', -1, 10, 100, 200],
    ['input that ends before it begins', 20, 10, 100, 200],
    ['input without spare bytes behind it', 0, MEMORY_BYTES - SPARE_BYTES + 1, 0, 0],
    ['output before the memory', 0, 10, -1, 200],
    ['output that ends before it begins', 0, 10, 200, 100],
    ['output without spare bytes behind it', 0, 10, 100, MEMORY_BYTES - SPARE_BYTES + 1],
    ['output over the input', 100, 200, 199, 300],
    ['output whose spare bytes lie over the input', 100, 200, 0, 100 - SPARE_BYTES + 1],
    ['no place at all', Number.NaN, 10, 100, 200],
  ])('refuses %s', (_, from, to, at, limit) => {
    small.memory.fill('\n')
    expect(() => small[encoder](from, to, at, limit)).toThrow('Internal error')
  })

  test('refuses lines without an end', () => {
    small.memory.fill('x')
    expect(() => small[encoder](0, 10, 100, 200)).toThrow('Internal error')
  })
})

test('kernels share nothing', () => {
  const other = new LineKernel(1)
  expect(other.memory).toHaveLength(64 * 1024)
  // Not a byte of its memory is the kernel's own.
  expect(other.memory.every((byte) => byte === 0)).toBe(true)
  small.memory.write('é\n', 0)
  other.memory.write('a\n', 0)
  const result = small.dataFields(0, 3, 100, 200)
  other.dataFields(0, 2, 100, 200)
  expect([result.ascii, small.memory.toString('utf8', 100, 109), other.memory.toString('utf8', 100, 108)]).toEqual([
    false,
    'data: é\n',
    'data: a\n',
  ])
})

test('a kernel that was not built is told of with what to do', () => {
  const compiled = compileKernel('/nowhere/line-small.wasm')
  expect(compiled).toEqual({ ok: false, error: expect.stringContaining('run npx --yes pnpm@10 build') })
})
