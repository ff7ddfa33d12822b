import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readLines } from '../lines/read-lines.ts'
import { WrittenLog } from './feed.fixture.ts'
import { type SearchOptions, searchLog } from './search-log.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`search-log.property.test.ts: fast-check seed ${seed}`)

const QUERIES = ['a', 'ab', 'AB', 'Größe', 'É', 'r(111);', '.*', 'x'] as const
const piece = fc.constantFrom('a', 'b', 'B', 'größe ', 'GRÖSSE', 'Größe', 'é', 'r(111);', '.*', ' ')
const line = fc.oneof(
  { arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')), weight: 9 },
  { arbitrary: fc.constantFrom(30_000, 90_000, 1_500_000).map((length) => `${'-'.repeat(length)}ab`), weight: 1 },
)

function search(log: WrittenLog, asked: Partial<SearchOptions> & { readonly query: string }) {
  const { read, index, bytes, lines } = log.feed
  return searchLog({
    read,
    index,
    bytes,
    lines,
    ignoreCase: false,
    direction: 'forward',
    from: undefined,
    to: undefined,
    limit: 100,
    signal: new AbortController().signal,
    now: () => 0,
    ...asked,
  })
}

function matchesOf(lines: readonly string[], query: string, ignoreCase: boolean): number[] {
  const wanted = ignoreCase ? query.toLowerCase() : query
  return lines.flatMap((text, i) => ((ignoreCase ? text.toLowerCase() : text).includes(wanted) ? [i + 1] : []))
}

test('pages of matches, either way and between any lines, are together all the matches there', async () => {
  const asked = fc.record({
    query: fc.constantFrom(...QUERIES),
    ignoreCase: fc.boolean(),
    direction: fc.constantFrom('forward', 'backward'),
    limit: fc.integer({ min: 0, max: 4 }),
    one: fc.nat(45),
    other: fc.nat(45),
  })
  const property = fc.asyncProperty(
    fc.array(line, { minLength: 1, maxLength: 40 }),
    asked,
    async (lines, { one, other, ...rest }) => {
      const log = new WrittenLog()
      log.write(lines.map((text) => `${text}\n`).join(''))
      const texts = await allLines(log)
      const forward = rest.direction === 'forward'
      const [low, high] = [Math.min(one, other) + 1, Math.max(one, other) + 1]
      const all = matchesOf(texts, rest.query, rest.ignoreCase).filter((number) => number >= low && number <= high)
      const numbers: number[] = []
      let count = 0
      let from = forward ? low : high
      for (let complete = false; !complete; ) {
        const page = await search(log, { ...rest, from, to: forward ? high : low })
        numbers.push(...page.matches.map(({ number }) => number))
        count += page.count
        complete = page.complete
        from = forward ? page.scannedTo + 1 : page.scannedTo - 1
      }
      expect(count).toBe(all.length)
      if (rest.limit > 0) expect(numbers).toEqual(forward ? all : all.toReversed())
    },
  )
  await fc.assert(property, { seed, numRuns: 100 })
})

test('a search that takes too long says how far it came, and goes on from there', async () => {
  const log = new WrittenLog()
  for (let i = 0; i < 400; i++) log.write(`${'-'.repeat(9_999)}\n`)
  log.write('needle\n')
  for (const direction of ['forward', 'backward'] as const) {
    let clock = 0
    let pages = 0
    let from: number | undefined
    for (let complete = false; !complete; pages += 1) {
      const page = await search(log, { query: '-', direction, limit: 0, from, now: () => (clock += 900) })
      complete = page.complete
      from = direction === 'forward' ? page.scannedTo + 1 : page.scannedTo - 1
    }
    expect(pages).toBeGreaterThan(1)
  }
})

/** The lines as the gateway cuts them. */
async function allLines(log: WrittenLog): Promise<string[]> {
  const texts: string[] = []
  for (let at = { line: 1, offset: 0 }; at.offset < log.feed.bytes; ) {
    const batch = await readLines(log.feed.read, at, log.feed.bytes)
    if (batch === null) break
    texts.push(...batch.text)
    at = { line: batch.first + batch.text.length, offset: batch.next }
  }
  return texts
}
