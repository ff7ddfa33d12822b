import { setImmediate } from 'node:timers/promises'
import { type Cursor, startCursor, unreachable } from '@tailgate/shared'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { BlockPool } from './block-pool.ts'
import type { Delivery } from './delivery.ts'
import { Viewer, WrittenLog } from './feed.fixture.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`feed-follower.property.test.ts: fast-check seed ${seed}`)

type Step =
  | { readonly do: 'write'; readonly lengths: readonly number[]; readonly tail: number }
  | { readonly do: 'stand' | 'tick' | 'update' | 'truncate' | 'replace' | 'breathe' }
  | { readonly do: 'join'; readonly place: number }
  | { readonly do: 'pull'; readonly who: number; readonly times: number; readonly breathe: boolean }
  | { readonly do: 'rejoin'; readonly who: number }

const lengths = fc.array(
  fc.oneof(
    { arbitrary: fc.nat(60), weight: 9 },
    { arbitrary: fc.constantFrom(3_000, 40_000, 70_000, 200_000), weight: 1 },
  ),
  { maxLength: 12, size: 'max' },
)
const who = fc.nat(20)
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.record({ do: fc.constant('write'), lengths, tail: fc.nat(30) }), weight: 6 },
  { arbitrary: fc.record({ do: fc.constantFrom('stand', 'tick', 'update', 'breathe') }), weight: 5 },
  { arbitrary: fc.record({ do: fc.constantFrom('truncate', 'replace') }), weight: 1 },
  { arbitrary: fc.record({ do: fc.constant('join'), place: fc.nat() }), weight: 2 },
  { arbitrary: fc.record({ do: fc.constant('pull'), who, times: fc.nat(9), breathe: fc.boolean() }), weight: 6 },
  { arbitrary: fc.record({ do: fc.constant('rejoin'), who }), weight: 2 },
)
const window = fc.record({ bytes: fc.constantFrom(1, 100, 1_000, 100_000), entries: fc.constantFrom(1, 3, 10, 1_000) })

test.each([
  ['in events', () => null, false],
  ['in stretches', () => new BlockPool(), false],
  ['in events that are handed over', () => null, true],
  ['in stretches, and events that are handed over', () => new BlockPool(), true],
])(
  'whoever joins, leaves, comes back and reads slowly gets every line once and in order, %s',
  async (_how, poolFor, takes) => {
    let handed = 0
    const property = fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), window, async (steps, size) => {
      const log = new WrittenLog(size)
      const pool = poolFor()
      const viewers: CheckedViewer[] = [new CheckedViewer(log, startCursor('run1'), pool, takes)]
      const places: Cursor[] = [startCursor('run1')]
      const pulls: Promise<unknown>[] = []
      for (const step of steps) {
        switch (step.do) {
          case 'write':
            // Numbered by their offset, so that no line looks like another.
            for (const length of step.lengths) log.write(`${log.feed.bytes}:${'é'.repeat(length >> 1)}\n`)
            log.write('.'.repeat(step.tail))
            break
          case 'stand':
            log.stand()
            break
          case 'tick':
            log.tick()
            break
          case 'update':
            log.update()
            break
          case 'truncate':
            log.reset('truncated')
            break
          case 'replace':
            log.reset('replaced')
            break
          case 'breathe':
            await setImmediate()
            break
          case 'join':
            viewers.push(new CheckedViewer(log, places[step.place % places.length] ?? startCursor('run1'), pool, takes))
            break
          case 'pull': {
            const viewer = viewers[step.who % viewers.length]
            for (let i = 0; viewer !== undefined && i < step.times; i++) {
              const pull = viewer.next()
              pulls.push(pull)
              if (step.breathe) await Promise.race([pull, turns(20)])
            }
            break
          }
          case 'rejoin': {
            const at = step.who % viewers.length
            const viewer = viewers[at]
            if (viewer === undefined) break
            await viewer.leave()
            viewers[at] = new CheckedViewer(log, viewer.cursor, pool, takes)
            break
          }
          default:
            unreachable(step)
        }
        for (const { cursor } of viewers) places.push(cursor)
      }
      log.finish()
      await Promise.all([...pulls, ...viewers.map((viewer) => viewer.readToEnd())])
      handed += viewers.reduce((sum, viewer) => sum + viewer.handed, 0)
      // All memory is given back, also what was read ahead of those who left.
      await vi.waitFor(() => expect(pool?.taken ?? 0).toBe(0))
      await log.handle.close()
      await log.kinds.close()
    })
    await fc.assert(property, { seed, numRuns: 60 })
    expect(handed > 0).toBe(takes)
  },
)

/** Lets others work for a while: the next delivery may be waiting for the writer. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await setImmediate()
}

/** Checks each delivery against what was written. */
class CheckedViewer {
  #at: Cursor
  readonly #log: WrittenLog
  readonly #viewer: Viewer
  readonly #ticksBefore: number
  #lastUpdate = -1
  #checked = 0
  #ended = false

  constructor(log: WrittenLog, from: Cursor, pool: BlockPool | null, takes: boolean) {
    this.#log = log
    this.#at = from
    this.#viewer = new Viewer(log.feed, from, pool)
    // As one whose socket is full now and then.
    let offered = 0
    if (takes) this.#viewer.takeWhileWaiting(() => offered++ % 3 < 2)
    this.#ticksBefore = log.ticks
  }

  get handed(): number {
    return this.#viewer.handed
  }

  /** Where it goes on after leaving. */
  get cursor(): Cursor {
    return this.#at
  }

  async next(): Promise<boolean> {
    const delivery = await this.#viewer.next()
    this.#checkNew()
    return delivery !== null
  }

  async leave(): Promise<void> {
    await this.#viewer.leave()
    this.#checkNew()
  }

  async readToEnd(): Promise<void> {
    while (await this.next());
    expect(this.#ended).toBe(true)
    const { generation, bytes, end } = this.#log.feed
    expect(this.#viewer.deliveries.at(-1)).toBe(end)
    expect(this.#at).toEqual({ runId: 'run1', generation, offset: bytes, ended: true })
  }

  /** Two callers may wait for one delivery. */
  #checkNew(): void {
    for (const delivery of this.#viewer.deliveries.slice(this.#checked)) this.#check(delivery)
    this.#checked = this.#viewer.deliveries.length
  }

  #check({ event, cursor }: Delivery): void {
    expect(this.#ended).toBe(false)
    if (this.#lastUpdate === -1) expect(event.type).toBe('run')
    switch (event.type) {
      case 'run':
        expect(event.run.elapsedMs).toBeGreaterThan(this.#lastUpdate)
        this.#lastUpdate = event.run.elapsedMs
        break
      case 'lines': {
        const { generation, offset } = this.#at
        const bytes = this.#log.history[generation] ?? Buffer.alloc(0)
        expect(event.start).toBe(offset)
        expect(`${event.text.join('\n')}\n`).toBe(withLineEnd(bytes.toString('utf8', event.start, event.next)))
        expect(event.first).toBe(bytes.toString('latin1', 0, event.start).split('\n').length)
        this.#at = { ...this.#at, offset: event.next }
        break
      }
      case 'partial': {
        const bytes = this.#log.history[this.#at.generation] ?? Buffer.alloc(0)
        expect(bytes.toString('utf8', this.#at.offset).startsWith(event.text)).toBe(true)
        break
      }
      case 'tick':
        expect(event.elapsedMs).toBeGreaterThan(2_000 * this.#ticksBefore)
        break
      case 'reset':
        expect(event.generation).toBeGreaterThan(this.#at.generation)
        this.#at = { ...this.#at, generation: event.generation, offset: 0 }
        break
      case 'end':
        this.#ended = true
        this.#at = { ...this.#at, ended: true }
        break
      default:
        unreachable(event)
    }
    expect(cursor).toEqual(this.#at)
  }
}

const withLineEnd = (text: string) => (text.endsWith('\n') ? text : `${text}\n`)
