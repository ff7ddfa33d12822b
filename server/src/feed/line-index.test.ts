import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LineIndex } from './line-index.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`line-index.test.ts: fast-check seed ${seed}`)

/** Batches of lines: how many, and their bytes. */
const batches = fc.array(fc.tuple(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 0, max: 200_000 })), {
  maxLength: 200,
  size: 'max',
})

type Place = { readonly line: number; readonly offset: number }

/** The index of these batches, and the places between them. */
function indexed(sizes: readonly (readonly [number, number])[]): { index: LineIndex; places: Place[] } {
  const index = new LineIndex()
  const places: Place[] = [{ line: 1, offset: 0 }]
  for (const [lines, bytes] of sizes) {
    const { line, offset } = places.at(-1) ?? { line: 1, offset: 0 }
    // A line has at least its end.
    const place = { line: line + lines, offset: offset + lines + bytes }
    index.note(place.line, place.offset)
    places.push(place)
  }
  return { index, places }
}

test('a lookup finds a place before what is asked for, never further away than a step and a batch', () => {
  const property = fc.property(batches, fc.nat(), (sizes, pick) => {
    const { index, places } = indexed(sizes)
    const asked = places[pick % places.length] ?? { line: 1, offset: 0 }
    for (const found of [
      index.beforeLine(asked.line),
      index.beforeOffset(asked.offset),
      index.beforeLine(asked.line + 0.5),
    ]) {
      const known = places.find(({ line }) => line === found.line)
      expect(found).toEqual(known)
      expect(found.line).toBeLessThanOrEqual(asked.line)
      expect(found.offset).toBeLessThanOrEqual(asked.offset)
      const between = places.filter(({ line }) => line > found.line && line <= asked.line)
      const skipped = between.every(
        (place) => place.line - found.line < 1_024 && place.offset - found.offset < 64 * 1_024,
      )
      expect(skipped).toBe(true)
    }
  })
  fc.assert(property, { seed, numRuns: 300 })
})

test('looking up equals searching all entries one by one', () => {
  const property = fc.property(batches, fc.nat(1_000_000), (sizes, asked) => {
    const { index, places } = indexed(sizes)
    const entries = places.filter(({ line }) => index.beforeLine(line).line === line)
    expect(index.beforeLine(asked)).toEqual(entries.findLast(({ line }) => line <= asked) ?? entries[0])
    expect(index.beforeOffset(asked)).toEqual(entries.findLast(({ offset }) => offset <= asked))
    expect(index.afterLine(asked + 1)).toEqual(entries.find(({ line }) => line > asked + 1) ?? null)
  })
  fc.assert(property, { seed, numRuns: 300 })
})

test('it comes back from its bytes as it was', () => {
  const property = fc.property(batches, fc.nat(1_000_000), (sizes, asked) => {
    const { index } = indexed(sizes)
    const again = LineIndex.fromBytes(index.toBytes())
    expect(again?.toBytes()).toEqual(index.toBytes())
    expect(again?.beforeLine(asked)).toEqual(index.beforeLine(asked))
  })
  fc.assert(property, { seed, numRuns: 100 })
})

test('bytes that are not an index are refused', () => {
  const { index } = indexed([
    [2_000, 10],
    [2_000, 10],
  ])
  const bytes = index.toBytes()
  expect(LineIndex.fromBytes(Buffer.alloc(0))).toBeNull()
  expect(LineIndex.fromBytes(bytes.subarray(0, -1))).toBeNull()
  expect(LineIndex.fromBytes(bytes.subarray(16))).toBeNull()
  expect(LineIndex.fromBytes(Buffer.concat([bytes, bytes.subarray(16, 32)]))).toBeNull()
  const property = fc.property(fc.uint8Array({ minLength: 16, maxLength: 160 }), (garbage) => {
    expect(LineIndex.fromBytes(Buffer.from(garbage))).toBeNull()
  })
  fc.assert(property, { seed })
})

test('it forgets everything from a line on', () => {
  const property = fc.property(batches, fc.nat(), (sizes, pick) => {
    const { index, places } = indexed(sizes)
    const from = places[pick % places.length]?.line ?? 1
    const before = index.beforeLine(from)
    index.truncate(from)
    expect(index.beforeLine(Number.MAX_SAFE_INTEGER)).toEqual(before)
  })
  fc.assert(property, { seed, numRuns: 200 })
})

test('ten million lines of eighty bytes take some thirteen thousand entries', () => {
  const index = new LineIndex()
  for (let line = 800; line <= 10_000_000; line += 800) index.note(line, line * 80)
  expect(index.toBytes().length / 16).toBeLessThan(13_000)
})
