import { describe, expect, test } from 'vitest'
import { WrittenLog } from './feed.fixture.ts'
import { BLOCK_BYTES, type SearchOptions, searchLog } from './search-log.ts'

const MEBIBYTE = 1024 * 1024

function search(log: WrittenLog, query: string, options: Partial<SearchOptions> = {}) {
  const { read, index, bytes, lines } = log.feed
  return searchLog({
    read,
    index,
    bytes,
    lines,
    query,
    ignoreCase: false,
    direction: 'forward',
    from: undefined,
    to: undefined,
    limit: 100,
    signal: new AbortController().signal,
    now: () => 0,
    ...options,
  })
}

function written(...parts: readonly (string | Buffer)[]): WrittenLog {
  const log = new WrittenLog()
  for (const part of parts) log.write(part)
  return log
}

const numbers = (page: { readonly matches: readonly { readonly number: number }[] }) =>
  page.matches.map(({ number }) => number)

describe('a match', () => {
  // Lines of 1,000 bytes do not end where blocks do.
  test.each([-3, -1, 0, 1])('across the edge of a block is found, %i bytes from it', async (shift) => {
    const filler = `${'.'.repeat(999)}\n`.repeat(BLOCK_BYTES / 1_000)
    const lead = BLOCK_BYTES - filler.length + shift
    const log = written(filler, `${'.'.repeat(lead)}needle\n`, filler)
    expect(await search(log, 'needle')).toMatchObject({
      matches: [{ number: Math.floor(BLOCK_BYTES / 1_000) + 1 }],
      complete: true,
    })
  })

  test('behind a line that is longer than a block is found', async () => {
    const log = written(`${'.'.repeat(BLOCK_BYTES - 10)}\nneedle 2\n`, `${'.'.repeat(900_000)}\n`, 'needle 4\n')
    expect(numbers(await search(log, 'needle'))).toEqual([2, 4])
  })

  test('in a piece of a line that was cut is found, under the number of the piece', async () => {
    const log = written(`${'.'.repeat(MEBIBYTE + 500)}needle\n`, 'needle\n')
    expect(numbers(await search(log, 'needle'))).toEqual([2, 3])
  })

  test('far into a long line is given with what is around it', async () => {
    const log = written(`${'a'.repeat(5_000)}needle${'b'.repeat(5_000)}\n`)
    const [match] = (await search(log, 'needle')).matches
    expect(match?.text).toHaveLength(2_000)
    expect(match?.text.indexOf('needle')).toBe(200)
  })

  test('of letters beyond ASCII is found in lines of either encoding', async () => {
    const log = written('café\n', Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x20, 0x80, 0x0a]), 'caf\n')
    expect(numbers(await search(log, 'café'))).toEqual([1, 2])
    expect(numbers(await search(log, '€'))).toEqual([2])
  })

  test('is of the text itself: what would be a pattern is not one', async () => {
    expect(numbers(await search(written('r(111);\n', 'r111;\n'), 'r(111);'))).toEqual([1])
  })

  test('is not found in what is not a complete line yet', async () => {
    expect(numbers(await search(written('needle\nneedle'), 'needle'))).toEqual([1])
  })
})

describe('a page of matches', () => {
  const log = () => written('needle\nhay\nneedle\nneedle\nhay\n')

  test('holds as many as were asked for, and says where to go on', async () => {
    const page = await search(log(), 'needle', { limit: 2 })
    expect(page).toMatchObject({ scannedTo: 3, total: 5, complete: false })
    expect(numbers(page)).toEqual([1, 3])
    const rest = await search(log(), 'needle', { limit: 2, from: 4 })
    expect(rest).toMatchObject({ matches: [{ number: 4 }], scannedTo: 5, complete: true })
  })

  test('that ends with the last line is complete', async () => {
    expect(await search(written('hay\nneedle\n'), 'needle', { limit: 1 })).toMatchObject({ complete: true })
  })

  test('from beyond the end is empty and complete', async () => {
    expect(await search(log(), 'needle', { from: 99 })).toMatchObject({ matches: [], complete: true })
  })

  test('of an empty log is empty and complete', async () => {
    expect(await search(written(), 'needle')).toMatchObject({ matches: [], scannedTo: 0, complete: true })
  })
})

describe('a search that is stopped', () => {
  const log = () => written(`${'.'.repeat(999)}\n`.repeat(3_000), 'needle\n')

  test('by its time limit says how far it came, and finds the rest from there', async () => {
    const large = log()
    let time = 0
    let from = 1
    let pages = 0
    for (let complete = false; !complete; ) {
      // Each look at the clock takes a second and a half: one block, then the time is up.
      const page = await search(large, 'needle', { from, now: () => (time += 1_500) })
      pages += 1
      expect(page.scannedTo).toBeGreaterThanOrEqual(from)
      if (page.complete) expect(numbers(page)).toEqual([3_001])
      complete = page.complete
      from = page.scannedTo + 1
    }
    expect(pages).toBeGreaterThan(1)
  })

  test('by an abort answers with what it has', async () => {
    const page = await search(log(), 'needle', { signal: AbortSignal.abort() })
    expect(page).toMatchObject({ matches: [], scannedTo: 0, complete: false })
  })
})
