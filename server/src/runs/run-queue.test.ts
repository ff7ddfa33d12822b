import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RunQueue } from './run-queue.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`run-queue.test.ts: fast-check seed ${seed}`)
fc.configureGlobal({ seed })

function queueOf(maxRunning: number, ...runIds: string[]): RunQueue {
  const queue = new RunQueue(maxRunning)
  for (const runId of runIds) queue.add(runId)
  return queue
}

describe('the queue', () => {
  test('admits first come, first served, so many at a time', () => {
    const queue = queueOf(2, 'a', 'b', 'c')
    expect([queue.admit(), queue.admit(), queue.admit()]).toEqual(['a', 'b', null])
    expect([queue.running, queue.waiting]).toEqual([2, ['c']])
    queue.remove('a')
    expect([queue.admit(), queue.admit()]).toEqual(['c', null])
  })

  test('lets a new run in at once where there is a place, but not before those who wait', () => {
    const queue = queueOf(2)
    expect([queue.enter('a'), queue.enter('b'), queue.enter('c')]).toEqual([true, true, false])
    expect([queue.running, queue.waiting]).toEqual([2, []])
    queue.add('d')
    queue.remove('a')
    expect([queue.enter('e'), queue.admit()]).toEqual([false, 'd'])
  })

  test('admits nobody when nobody waits', () => {
    expect(queueOf(2).admit()).toBeNull()
  })

  test('tells places from 1, and moves up those behind one that leaves', () => {
    const queue = queueOf(1, 'a', 'b', 'c', 'd')
    queue.admit()
    const places = () => ['a', 'b', 'c', 'd', 'e'].map((runId) => queue.position(runId))
    expect(places()).toEqual([null, 1, 2, 3, null])
    queue.remove('c')
    expect(places()).toEqual([null, 1, null, 2, null])
  })

  test('gives adopted runs a place although there may be none, and nobody else until there is', () => {
    const queue = queueOf(1, 'a')
    for (const runId of ['x', 'y']) queue.adopt(runId)
    expect([queue.running, queue.admit()]).toEqual([2, null])
    queue.remove('x')
    expect(queue.admit()).toBeNull()
    queue.remove('y')
    expect(queue.admit()).toBe('a')
  })

  test('takes no notice when somebody leaves who is not there', () => {
    const queue = queueOf(1, 'a')
    queue.remove('b')
    expect([queue.waiting, queue.running]).toEqual([['a'], 0])
  })

  test('agrees with two plain lists, whatever is asked of it', () => {
    const runId = fc.constantFrom(...'abcdefgh')
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('add', 'adopt', 'enter', 'remove'), runId }),
      fc.record({ kind: fc.constant('admit'), runId }),
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.array(step, { maxLength: 60 }), (maxRunning, steps) => {
        const queue = new RunQueue(maxRunning)
        const waiting: string[] = []
        const running: string[] = []
        for (const { kind, runId } of steps) {
          const isNew = !waiting.includes(runId) && !running.includes(runId)
          if (kind === 'admit') {
            const next = running.length < maxRunning ? (waiting.shift() ?? null) : null
            if (next !== null) running.push(next)
            expect(queue.admit()).toBe(next)
          } else if (kind === 'remove') {
            for (const list of [waiting, running]) if (list.includes(runId)) list.splice(list.indexOf(runId), 1)
            queue.remove(runId)
          } else if (isNew && kind === 'enter') {
            const isFree = waiting.length === 0 && running.length < maxRunning
            if (isFree) running.push(runId)
            expect(queue.enter(runId)).toBe(isFree)
          } else if (isNew) {
            const list = kind === 'add' ? waiting : running
            list.push(runId)
            if (kind === 'add') queue.add(runId)
            else queue.adopt(runId)
          }
          expect(queue.waiting).toEqual(waiting)
          expect(queue.running).toBe(running.length)
          for (const id of 'abcdefgh') expect(queue.position(id)).toBe(waiting.indexOf(id) + 1 || null)
        }
      }),
    )
  })
})
