import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { MAX_EVENT_BYTES } from '@tailgate/shared'
import { expect, test } from 'vitest'
import type { Delivery } from './delivery.ts'
import { cursorAt, isLines, textOf, Viewer, WrittenLog } from './feed.fixture.ts'
import { StretchCache } from './stretch-cache.ts'

/** Everything is behind the window but the newest delivery. */
const NO_WINDOW = { bytes: 1, entries: 1 }

/** A log of several stretches, written in small pieces, and its lines. */
function longLog(
  lineOf = (number: number) => `line ${number} ${'.'.repeat(number % 90)}`,
  stretches = new StretchCache(),
): [WrittenLog, string[]] {
  const log = new WrittenLog(NO_WINDOW, stretches)
  const lines = Array.from({ length: 20_000 }, (_, i) => lineOf(i + 1))
  for (let i = 0; i < lines.length; i += 100) log.write(`${lines.slice(i, i + 100).join('\n')}\n`)
  log.finish()
  return [log, lines]
}

const linesOf = (deliveries: readonly Delivery[]) => deliveries.filter(isLines)

test('a replay has every line once and in order, in events that fit, each beginning where the last one ended', async () => {
  const [log, lines] = longLog()
  const deliveries = linesOf(await new Viewer(log.feed).read())
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

test('the plain bytes are those of the event', async () => {
  const [log] = longLog((number) => `Zeile ${number}: größer`)
  const plain = linesOf(await new Viewer(log.feed).read()).filter((delivery) => delivery.plain !== undefined)
  expect(plain.length).toBeGreaterThan(4)
  for (const delivery of plain) {
    expect(Buffer.from(delivery.plain ?? '', 'latin1').toString()).toBe(`${textOf([delivery]).join('\n')}\n`)
  }
})

test('lines with carriage returns, NUL or another encoding are never given as plain bytes', async () => {
  for (const odd of [Buffer.from('10%\r20%\n'), Buffer.from('a\0b\n'), Buffer.from([0x67, 0x72, 0xf6, 0x0a])]) {
    const log = new WrittenLog(NO_WINDOW)
    for (let i = 0; i < 5_000; i++) log.write(odd)
    log.finish()
    const deliveries = linesOf(await new Viewer(log.feed).read())
    expect(textOf(deliveries)).toHaveLength(5_000)
    expect(deliveries.filter(({ plain }) => plain !== undefined)).toEqual([])
  }
})

test('viewers that replay one after another are given the very same deliveries, read once', async () => {
  const [log] = longLog()
  const first = linesOf(await new Viewer(log.feed).read()).filter(({ plain }) => plain !== undefined)
  const { reads } = log
  const second = linesOf(await new Viewer(log.feed).read()).filter(({ plain }) => plain !== undefined)
  expect(first.length).toBeGreaterThan(4)
  expect(second).toHaveLength(first.length)
  for (const [i, delivery] of second.entries()) expect(delivery).toBe(first[i])
  // The newest end, which lies behind the last place of the index, is read by each.
  expect(log.reads - reads).toBeLessThanOrEqual(1)
})

test('a cursor in the middle of a stretch gives the rest of it', async () => {
  const [log, lines] = longLog()
  const skipped = 7_777
  const offset = Buffer.byteLength(`${lines.slice(0, skipped).join('\n')}\n`)
  expect(textOf(await new Viewer(log.feed, cursorAt(offset)).read())).toEqual(lines.slice(skipped))
})

test('a log that begins anew in the middle of a stretch is told before another old line', async () => {
  const log = new WrittenLog(NO_WINDOW)
  for (let i = 0; i < 200; i++) log.write('one of the old lines\n'.repeat(100))
  const viewer = new Viewer(log.feed)
  await viewer.read(isLines)
  log.reset('truncated')
  log.write('new\n')
  log.finish()
  const after = await viewer.read()
  expect(after.map(({ event }) => event.type).filter((type) => type !== 'run')).toEqual(['reset', 'lines', 'end'])
  expect(textOf(after)).toEqual(['new'])
})

test('no more than the next stretch is read ahead of a viewer that has stopped', async () => {
  const [log] = longLog()
  const viewer = new Viewer(log.feed)
  await viewer.read(isLines)
  await setImmediate()
  expect(log.reads).toBeLessThanOrEqual(2)
})

test('a viewer that stands still keeps none of a stretch but its delivery, and goes on without a gap', async () => {
  // Forgets each stretch as soon as another is read.
  const [log, lines] = longLog(undefined, new StretchCache({ memoryBytes: 1 }))
  const [first, third] = await deliveriesOfFirstStretch(log)
  const viewer = new Viewer(log.feed)
  const before = await viewer.read(isLines)
  // It is given that very stretch, which the cache has forgotten by then for the next one.
  expect(before.at(-1)).toBe(first.deref())
  await setImmediate()
  collectGarbage()
  expect(third.deref()).toBeUndefined()
  expect(textOf([...before, ...(await viewer.read())])).toEqual(lines)
})

/** The first and the third, which nobody holds for their sake. */
async function deliveriesOfFirstStretch({ feed }: WrittenLog): Promise<[WeakRef<Delivery>, WeakRef<Delivery>]> {
  const [first, , third] = (await feed.stretch({ offset: 0, line: 1 }, feed.bytes))?.deliveries ?? []
  if (first === undefined || third === undefined) throw new Error('the log is too short')
  return [new WeakRef(first), new WeakRef(third)]
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

test('a log that begins anew while a stretch is read leaves nothing of the old place for those who read the new one', async () => {
  const log = new WrittenLog(NO_WINDOW)
  const write = (line: string) => {
    for (let i = 0; i < 400; i++) log.write(`${line}\n`.repeat(100))
  }
  write('old line number')
  const viewer = new Viewer(log.feed)
  await viewer.next()
  log.afterRead = () => {
    log.afterRead = () => {}
    log.reset('truncated')
    // As many bytes in half as many lines, so that every place of the old log lies in the new one, with another number.
    for (let i = 0; i < 400; i++) log.write(`${'new line that is twice as long!'}\n`.repeat(50))
  }
  await viewer.read(isLines)
  log.finish()
  const lines = linesOf(await new Viewer(log.feed, cursorAt(0, 1)).read())
  let next = 1
  for (const { event } of lines) {
    if (event.type !== 'lines') continue
    expect(event.first).toBe(next)
    next += event.text.length
  }
  expect(next).toBe(20_001)
  expect(new Set(textOf(lines))).toEqual(new Set(['new line that is twice as long!']))
})
