import { MAX_EVENT_BYTES } from '@tailgate/shared'
import { expect, test, vi } from 'vitest'
import { BlockPool } from './block-pool.ts'
import type { Delivery } from './delivery.ts'
import { cursorAt, isLines, textOf, Viewer, WrittenLog } from './feed.fixture.ts'
import type { Stretch } from './stretch.ts'
import { StretchReader } from './stretch-reader.ts'

/** Everything is behind the window but the newest delivery. */
const NO_WINDOW = { bytes: 1, entries: 1 }
const BEGINNING = { offset: 0, line: 1 }

/** A log of several stretches, written in small pieces, and its lines. */
function longLog(lineOf = (number: number) => `line ${number} ${'.'.repeat(number % 90)}`): [WrittenLog, string[]] {
  const log = new WrittenLog(NO_WINDOW)
  const lines = Array.from({ length: 30_000 }, (_, i) => lineOf(i + 1))
  for (let i = 0; i < lines.length; i += 100) log.write(`${lines.slice(i, i + 100).join('\n')}\n`)
  log.finish()
  return [log, lines]
}

const linesOf = (deliveries: readonly Delivery[]) => deliveries.filter(isLines)
const inStretches = (log: WrittenLog, pool = new BlockPool(), offset = 0) =>
  new Viewer(log.feed, cursorAt(offset, log.feed.generation), pool)

test('a replay has every line once and in order, in events that fit, each beginning where the last one ended', async () => {
  const [log, lines] = longLog()
  const viewer = inStretches(log)
  const deliveries = linesOf(await viewer.read())
  expect(viewer.stretches).toBeGreaterThan(2)
  expect(textOf(deliveries)).toEqual(lines)
  let [line, offset] = [1, 0]
  for (const { cursor, event } of deliveries) {
    if (event.type !== 'lines') continue
    expect(event).toMatchObject({ first: line, start: offset, next: cursor.offset })
    expect(event.next - event.start).toBeLessThanOrEqual(MAX_EVENT_BYTES)
    line += event.text.length
    offset = event.next
  }
  expect(offset).toBe(log.feed.bytes)
})

test('a cursor in the middle of a stretch gives the rest of it', async () => {
  const [log, lines] = longLog()
  const skipped = 7_777
  const offset = Buffer.byteLength(`${lines.slice(0, skipped).join('\n')}\n`)
  const viewer = inStretches(log, new BlockPool(), offset)
  expect(textOf(await viewer.read())).toEqual(lines.slice(skipped))
  expect(viewer.stretches).toBeGreaterThan(1)
})

test('each piece tells the kinds of its lines, for who wants them', async () => {
  const log = new WrittenLog(NO_WINDOW)
  for (let i = 0; i < 3_000; i++) log.write(`${'.'.repeat(70)}\n`)
  log.finish()
  await log.kinds.revise(2, 'command')
  await log.kinds.revise(2_999, 'error')
  const kindsOf = async (kinds: boolean) => {
    using stretch = await readAll(new StretchReader(log.feed, new BlockPool(), { kinds }), log)
    return Object.assign({}, ...(stretch?.pieces.map((piece) => piece.kinds) ?? []))
  }
  expect(await kindsOf(true)).toMatchObject({ command: [2] })
  expect(await kindsOf(false)).toEqual({})
})

async function readAll(reader: StretchReader, log: WrittenLog): Promise<Stretch | null> {
  const stretch = await reader.read(BEGINNING, log.feed.bytes)
  reader.leave()
  return stretch
}

test('while all memory is in use everything is read as events, and nobody waits', async () => {
  const [log, lines] = longLog()
  const pool = new BlockPool()
  const taken = Array.from({ length: 10 }, () => pool.take())
  const viewer = inStretches(log, pool)
  expect(textOf(await viewer.read())).toEqual(lines)
  expect(viewer.stretches).toBe(0)
  for (const block of taken) block?.[Symbol.dispose]()
})

test('one that reads ahead leaves memory for another', async () => {
  const [log] = longLog()
  const pool = new BlockPool()
  const readers = Array.from({ length: 2 }, () => new StretchReader(log.feed, pool, { kinds: false }))
  const first = await readers[0]?.read(BEGINNING, log.feed.bytes)
  const next = await readers[0]?.read(first?.end ?? BEGINNING, log.feed.bytes)
  const other = await readers[1]?.read(BEGINNING, log.feed.bytes)
  expect([first, next, other].every((stretch) => stretch instanceof Object)).toBe(true)
  for (const reader of readers) reader.leave()
  for (const stretch of [first, next, other]) stretch?.[Symbol.dispose]()
  await vi.waitFor(() => expect(pool.taken).toBe(0))
})

test('a log that begins anew in the middle of a stretch is told before another old line', async () => {
  const log = new WrittenLog(NO_WINDOW)
  for (let i = 0; i < 600; i++) log.write('one of the old lines of this log\n'.repeat(100))
  const viewer = inStretches(log)
  await viewer.read(isLines)
  log.reset('truncated')
  log.write('new\n')
  log.finish()
  const after = await viewer.read()
  expect(after.map(({ event }) => event.type).filter((type) => type !== 'run')).toEqual(['reset', 'lines', 'end'])
  expect(textOf(after)).toEqual(['new'])
})

test('what was read ahead of a log that began anew is not given for the new one', async () => {
  const log = new WrittenLog(NO_WINDOW)
  const write = (line: string) => {
    for (let i = 0; i < 300; i++) log.write(`${line}\n`.repeat(100))
  }
  const pool = new BlockPool()
  const reader = new StretchReader(log.feed, pool, { kinds: false })
  write('an old line, as long as a new one of this log')
  const old = await reader.read(BEGINNING, log.feed.bytes)
  log.reset('truncated')
  write('a new line! as long as an old one of that log')
  const fresh = await reader.read(old?.end ?? BEGINNING, log.feed.bytes)
  expect(fresh?.bytesOf(fresh.pieces[0] ?? expect.fail()).toString()).toMatch(/^a new line!/)
  reader.leave()
  for (const stretch of [old, fresh]) stretch?.[Symbol.dispose]()
  await vi.waitFor(() => expect(pool.taken).toBe(0))
})

test('a viewer that leaves gives back all memory', async () => {
  const [log] = longLog()
  const pool = new BlockPool()
  const viewer = inStretches(log, pool)
  await viewer.read(isLines)
  expect(pool.taken).toBeGreaterThan(0)
  await viewer.leave()
  await vi.waitFor(() => expect(pool.taken).toBe(0))
})

test('a file that cannot be read breaks the replay and keeps no memory', async () => {
  const [log] = longLog()
  const pool = new BlockPool()
  log.afterRead = () => {
    throw new Error('EIO: i/o error, read')
  }
  const reader = new StretchReader(log.feed, pool, { kinds: false })
  await expect(reader.read(BEGINNING, log.feed.bytes)).rejects.toThrow('EIO')
  await vi.waitFor(() => expect(pool.taken).toBe(0))
})
