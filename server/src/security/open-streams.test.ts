import fc from 'fast-check'
import { expect, test } from 'vitest'
import { STREAMS_RETRY_AFTER_SECONDS } from './limits.ts'
import { createOpenStreams, type StreamPlace } from './open-streams.ts'

function place(streams: ReturnType<typeof createOpenStreams>, client: string): StreamPlace {
  const opened = streams.open(client)
  if (!opened.ok) throw opened.error
  return opened.value
}

test('one client cannot take more than its share, and others are not kept out by it', () => {
  const streams = createOpenStreams({ perCaller: 2, inAll: 10 })
  place(streams, 'ada')
  const second = place(streams, 'ada')
  expect(streams.open('ada')).toMatchObject({
    ok: false,
    error: {
      code: 'too-many-requests',
      message: expect.stringMatching(/\(2\).* higher --max-streams-per-caller\.$/),
      details: { limit: 2, retryAfterSeconds: STREAMS_RETRY_AFTER_SECONDS },
    },
  })
  place(streams, 'grace')
  second[Symbol.dispose]()
  place(streams, 'ada')
  expect(streams.count).toBe(3)
})

test('all clients together cannot take more than there is', () => {
  const streams = createOpenStreams({ perCaller: 2, inAll: 3 })
  const places = ['a', 'b', 'c'].map((client) => place(streams, client))
  expect(streams.open('d')).toMatchObject({ ok: false, error: { code: 'too-many-requests', details: { limit: 3 } } })
  places[0]?.[Symbol.dispose]()
  place(streams, 'd')
})

test('a place given back twice is one place', () => {
  const streams = createOpenStreams({ perCaller: 1, inAll: 2 })
  const first = place(streams, 'ada')
  first[Symbol.dispose]()
  first[Symbol.dispose]()
  place(streams, 'ada')
  expect(streams.open('ada').ok).toBe(false)
  expect(streams.count).toBe(1)
})

test('whatever opens and closes, the counts are those of the places held', () => {
  const seed = Date.now()
  console.log(`seed ${seed}`)
  const step = fc.record({ client: fc.constantFrom('a', 'b', 'c'), closes: fc.boolean(), which: fc.nat(20) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const streams = createOpenStreams({ perCaller: 3, inAll: 5 })
      let held: { client: string; place: StreamPlace }[] = []
      for (const { client, closes, which } of steps) {
        const own = held.filter((one) => one.client === client).length
        if (closes) {
          const chosen = held[which % Math.max(1, held.length)]
          chosen?.place[Symbol.dispose]()
          held = held.filter((one) => one !== chosen)
        } else {
          const opened = streams.open(client)
          expect(opened.ok).toBe(own < 3 && held.length < 5)
          if (opened.ok) held.push({ client, place: opened.value })
        }
        expect(streams.count).toBe(held.length)
      }
    }),
    { seed },
  )
})
