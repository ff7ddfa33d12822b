import { unlinkSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cursorAt, isLines, runRecord, textOf, typesOf, Viewer, WrittenLog } from './feed.fixture.ts'

/** Nothing of a log stays in the window but the newest delivery. */
const NO_WINDOW = { bytes: 1, entries: 1 }

describe('a viewer', () => {
  test('gets the record first, the log in order, and exactly one end last', async () => {
    const log = new WrittenLog()
    const viewer = new Viewer(log.feed)
    await viewer.next()
    log.write('one\ntwo\nthr')
    log.tick()
    log.write('ee')
    log.finish()
    await viewer.read()
    expect(typesOf(viewer.deliveries)).toEqual(['run', 'lines', 'tick', 'lines', 'end'])
    expect(textOf(viewer.deliveries)).toEqual(['one', 'two', 'three'])
    expect(await viewer.next()).toBeNull()
  })

  test('that joins between two updates gets the record as it is then, and at the end as it was left', async () => {
    const log = new WrittenLog()
    log.update()
    log.feed.live(() => runRecord(12_345))
    const viewer = new Viewer(log.feed)
    const first = (await viewer.next())?.event
    expect(first).toEqual({ type: 'run', run: runRecord(12_345) })
    log.finish()
    const late = await new Viewer(log.feed).read()
    expect(late.map(({ event }) => ('run' in event ? event.run.state : null))).toEqual(['succeeded', 'succeeded'])
  })

  test('of a run that has ended gets the same', async () => {
    const log = new WrittenLog(NO_WINDOW)
    log.write('one\ntwo\n')
    log.tick()
    log.update()
    log.finish()
    const deliveries = await new Viewer(log.feed).read()
    expect(typesOf(deliveries)).toEqual(['run', 'lines', 'end'])
    expect(textOf(deliveries)).toEqual(['one', 'two'])
  })

  test('gets no line at all of a run without a log, and no error', async () => {
    const log = new WrittenLog()
    unlinkSync(log.path)
    log.finish()
    expect(typesOf(await new Viewer(log.feed).read())).toEqual(['run', 'end'])
  })

  test('is told to the end when the log of an ended run is gone', async () => {
    const log = new WrittenLog(NO_WINDOW)
    log.write('one\n')
    log.finish()
    unlinkSync(log.path)
    expect(typesOf(await new Viewer(log.feed).read())).toEqual(['run', 'end'])
  })

  test('that joins late gets the lines, the unfinished line and the newest record, but no ticks', async () => {
    const log = new WrittenLog()
    log.write('one\n')
    log.tick()
    log.update()
    log.update()
    log.write('....')
    log.stand()
    log.write('....')
    log.stand()
    const viewer = new Viewer(log.feed)
    const deliveries = await viewer.read(({ event }) => event.type === 'partial')
    expect(typesOf(deliveries)).toEqual(['run', 'lines', 'partial'])
    expect(deliveries[0]?.event).toMatchObject({ run: { elapsedMs: 2 } })
    expect(deliveries[2]?.event).toEqual({ type: 'partial', line: 2, text: '........' })
    log.tick()
    expect((await viewer.next())?.event).toEqual({ type: 'tick', elapsedMs: 4_000 })
  })

  test('is not told an unfinished line that has been completed, nor a record that is out of date', async () => {
    const log = new WrittenLog()
    const viewer = new Viewer(log.feed)
    log.write('one\n')
    await viewer.read(isLines)
    log.update()
    log.write('...')
    log.stand()
    log.write('.')
    log.stand()
    log.update()
    log.write('done\n')
    log.finish()
    const deliveries = await viewer.read()
    expect(typesOf(deliveries)).toEqual(['run', 'lines', 'end'])
    expect(deliveries[0]?.event).toMatchObject({ run: { elapsedMs: 2 } })
    expect(textOf(deliveries)).toEqual(['....done'])
  })

  test('that leaves is forgotten', async () => {
    const log = new WrittenLog()
    const viewer = new Viewer(log.feed)
    await viewer.next()
    const waiting = viewer.next()
    expect(log.feed.waiting).toBe(1)
    await viewer.leave()
    expect(await waiting).toBeNull()
    expect(log.feed.waiting).toBe(0)
  })
})

describe('a cursor', () => {
  test('in the middle of the log is where the lines go on', async () => {
    const log = new WrittenLog(NO_WINDOW)
    log.write('one\ntwo\nthree\n')
    log.finish()
    const [run, lines] = await new Viewer(log.feed, cursorAt(4)).read()
    expect(run?.cursor).toEqual(cursorAt(4))
    expect(lines).toEqual({
      cursor: cursorAt(14),
      event: { type: 'lines', first: 2, start: 4, next: 14, text: ['two', 'three'] },
    })
  })

  test('inside a line counts as the start of that line', async () => {
    const log = new WrittenLog()
    log.write('one\ntwo\nthree\n')
    log.finish()
    const [, lines] = await new Viewer(log.feed, cursorAt(6)).read()
    expect(lines?.event).toMatchObject({ first: 2, start: 4, text: ['two', 'three'] })
  })

  test('beyond the log, of a gateway that has read it further, waits for the log to come there', async () => {
    const log = new WrittenLog()
    log.write('one\n')
    const viewer = new Viewer(log.feed, cursorAt(8))
    await viewer.next()
    void viewer.next()
    log.write('two\n')
    log.write('three\n')
    log.finish()
    await viewer.read()
    expect(textOf(viewer.deliveries)).toEqual(['three'])
  })

  test('beyond the log of an ended run gives the end and no line', async () => {
    const log = new WrittenLog()
    log.write('one\n')
    log.finish()
    expect(typesOf(await new Viewer(log.feed, cursorAt(999)).read())).toEqual(['run', 'end'])
  })

  test('beyond a log that ends before it gives the end and no line', async () => {
    const log = new WrittenLog()
    const viewer = new Viewer(log.feed, cursorAt(999))
    await viewer.next()
    void viewer.next()
    log.write('one\n')
    log.finish()
    await viewer.read()
    expect(typesOf(viewer.deliveries)).toEqual(['run', 'end'])
  })

  test('of another generation is told the reset, and begins anew', async () => {
    const log = new WrittenLog(NO_WINDOW)
    log.write('old\n')
    log.reset('truncated')
    log.write('new\n')
    log.finish()
    const deliveries = await new Viewer(log.feed, cursorAt(4, 0)).read()
    expect(typesOf(deliveries)).toEqual(['run', 'reset', 'lines', 'end'])
    expect(deliveries[2]).toMatchObject({ cursor: cursorAt(4, 1), event: { first: 1, start: 0, text: ['new'] } })
  })
})

describe('a reset', () => {
  test('comes to viewers at the live end between the old lines and the new, which count from 1', async () => {
    const log = new WrittenLog()
    const viewer = new Viewer(log.feed)
    await viewer.next()
    void viewer.next()
    log.write('old 1\nold 2\n')
    log.reset('truncated')
    log.write('new 1\n')
    log.finish()
    await viewer.read()
    const [, lines, reset, after] = viewer.deliveries
    expect(lines?.event).toMatchObject({ text: ['old 1', 'old 2'] })
    expect(reset?.event).toEqual({ type: 'reset', generation: 1, reason: 'truncated' })
    expect(after?.event).toMatchObject({ first: 1, start: 0, next: 6, text: ['new 1'] })
  })

  test('while lines are read gives none of what was read', async () => {
    const log = new WrittenLog(NO_WINDOW)
    log.write('old\n')
    log.tick()
    const viewer = new Viewer(log.feed)
    await viewer.next()
    log.afterRead = () => {
      log.afterRead = () => {}
      log.reset('replaced')
      log.write('new\n')
    }
    const deliveries = await viewer.read(isLines)
    expect(typesOf(deliveries)).toEqual(['reset', 'lines'])
    expect(textOf(deliveries)).toEqual(['new'])
  })

  test('while a cursor is looked up leaves nothing of the old place', async () => {
    const log = new WrittenLog(NO_WINDOW)
    log.write('old 1\nold 2\n')
    log.tick()
    const viewer = new Viewer(log.feed, cursorAt(6))
    await viewer.next()
    log.afterRead = () => {
      log.afterRead = () => {}
      log.reset('replaced')
      log.write('new 1\nnew 2\nnew 3\n')
    }
    const deliveries = await viewer.read(isLines)
    expect(deliveries.at(-1)).toMatchObject({ cursor: cursorAt(18, 1), event: { first: 1, start: 0 } })
  })

  test('after a record that was not told yet does not set the viewer back', async () => {
    const log = new WrittenLog()
    log.write('old\n')
    const viewer = new Viewer(log.feed, cursorAt(0))
    await viewer.next()
    log.update()
    log.reset('truncated')
    const deliveries = await viewer.read(({ event }) => event.type === 'run')
    expect(deliveries.map(({ cursor, event }) => [event.type, cursor.generation])).toEqual([
      ['reset', 1],
      ['run', 1],
    ])
  })
})

describe('a slow viewer', () => {
  test('holds nothing but its place: what it missed is read when it asks', async () => {
    const log = new WrittenLog()
    const viewer = new Viewer(log.feed)
    await viewer.next()
    for (let i = 0; i < 30; i++) log.write(`${'x'.repeat(99_999)}\n`)
    expect({ reads: log.reads, waiting: log.feed.waiting }).toEqual({ reads: 0, waiting: 0 })
    await viewer.next()
    const { reads } = log
    expect(viewer.deliveries.at(-1)?.event).toMatchObject({ type: 'lines', first: 1, start: 0 })
    log.write('more\n')
    expect(log.reads).toBe(reads)
    log.finish()
    expect(textOf(viewer.deliveries)).toHaveLength(1)
    await viewer.read()
    expect(textOf(viewer.deliveries)).toHaveLength(31)
  })

  test('delays nobody', async () => {
    const log = new WrittenLog()
    const [slow, quick] = [new Viewer(log.feed), new Viewer(log.feed)]
    await slow.next()
    await quick.next()
    for (let i = 0; i < 20; i++) {
      log.write(`line ${i}\n`)
      expect((await quick.next())?.event).toMatchObject({ text: [`line ${i}`] })
    }
    expect(slow.deliveries).toHaveLength(1)
  })

  test('is told the newest record that it missed, and no tick from before what it has read', async () => {
    const log = new WrittenLog({ bytes: 1_000, entries: 4 })
    const viewer = new Viewer(log.feed)
    await viewer.next()
    log.update()
    log.write('one\n')
    log.tick()
    for (const line of ['two\n', 'three\n', 'four\n']) log.write(line)
    // Reads the first line from the file, then the window's from the window.
    expect(typesOf(await viewer.read(({ event }) => event.type === 'run'))).toEqual(['lines', 'run'])
    await viewer.read((delivery) => isLines(delivery) && textOf([delivery]).includes('four'))
    expect(textOf(viewer.deliveries)).toEqual(['one', 'two', 'three', 'four'])
  })
})

describe('a viewer that takes what comes while it waits', () => {
  test('is handed it at once, and what it does not take is the next', async () => {
    const log = new WrittenLog()
    const takes = [true, true, false]
    const viewer = new Viewer(log.feed).takeWhileWaiting(() => takes.shift() === true)
    await viewer.next()
    const next = viewer.next()
    log.write('one\n')
    log.tick()
    expect(typesOf(viewer.deliveries)).toEqual(['run', 'lines', 'tick'])
    log.write('two\n')
    log.write('three\n')
    expect((await next)?.event).toMatchObject({ text: ['two'] })
    expect((await viewer.next())?.event).toMatchObject({ text: ['three'] })
    expect(viewer.handed).toBe(2)
  })

  test('is handed nothing before it waits', async () => {
    const log = new WrittenLog()
    const viewer = new Viewer(log.feed).takeWhileWaiting(() => true)
    log.write('one\n')
    expect((await viewer.next())?.event.type).toBe('run')
    log.write('two\n')
    expect(viewer.handed).toBe(0)
    expect((await viewer.next())?.event).toMatchObject({ text: ['one'] })
  })

  test('is done when it took the end', async () => {
    const log = new WrittenLog()
    const viewer = new Viewer(log.feed).takeWhileWaiting(() => true)
    await viewer.next()
    const next = viewer.next()
    log.finish()
    await next
    expect(typesOf(viewer.deliveries)).toEqual(['run', 'end'])
    expect(await viewer.next()).toBeNull()
  })

  test('may leave while it takes', async () => {
    const log = new WrittenLog()
    const viewer = new Viewer(log.feed).takeWhileWaiting(() => {
      void viewer.leave()
      return true
    })
    await viewer.next()
    const next = viewer.next()
    log.write('one\n')
    log.write('two\n')
    await next
    expect(textOf(viewer.deliveries)).toEqual(['one'])
    expect(log.feed.waiting).toBe(0)
  })
})

describe('viewers at the live end', () => {
  test('get the very same objects in the same order', async () => {
    const log = new WrittenLog()
    const early = new Viewer(log.feed)
    const late = new Viewer(log.feed)
    await early.next()
    log.write('one\n')
    await early.next()
    await late.next()
    await late.next()
    const live = [early.read(), late.read()]
    for (let i = 0; i < 50; i++) {
      log.write(`line ${i}\n...`)
      log.stand()
      log.tick()
      log.update()
      // Both come to wait at the live end again.
      while (log.feed.waiting < 2) await new Promise(setImmediate)
    }
    log.reset('truncated')
    log.write('new\n')
    log.finish()
    const [ofEarly = [], ofLate = []] = await Promise.all(live)
    expect(ofEarly.length).toBeGreaterThan(200)
    expect(ofLate).toHaveLength(ofEarly.length)
    for (const [i, delivery] of ofEarly.entries()) expect(delivery).toBe(ofLate[i])
  })
})
