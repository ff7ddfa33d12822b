import { expect, test } from 'vitest'
import { attachPoint } from './attach-point.ts'

const at = (offset: number, ended = false) => ({ runId: 'r1', generation: 0, offset, ended })
const nothing = { header: undefined, lastEventId: undefined }

test('without a position a viewer begins at the beginning', () => {
  expect(attachPoint(nothing)).toEqual({ ok: true, value: { type: 'beginning' } })
})

test('a last event id resumes, as header or as parameter', () => {
  const resume = { ok: true, value: { type: 'resume', cursor: at(16), reconnecting: true } }
  expect(attachPoint({ ...nothing, header: 'r1:0:16' })).toEqual(resume)
  expect(attachPoint({ ...nothing, lastEventId: 'r1:0:16' })).toEqual(resume)
})

test('the header counts more than the parameters, which stay the same at every reconnect', () => {
  const point = attachPoint({ header: 'r1:0:32', lastEventId: 'r1:0:16', cursor: 'r1:0:8' })
  expect(point).toEqual({ ok: true, value: { type: 'resume', cursor: at(32), reconnecting: true } })
})

test.each(['', 'garbage', 'r1:0:16:end', 'r1:0:-1'])('the last event id %j stops the reconnects', (lastEventId) => {
  expect(attachPoint({ ...nothing, lastEventId })).toEqual({ ok: true, value: { type: 'over' } })
  expect(attachPoint({ ...nothing, header: lastEventId })).toEqual({ ok: true, value: { type: 'over' } })
})

test('a cursor resumes, or is refused with the reason', () => {
  const point = attachPoint({ ...nothing, cursor: 'r1:0:16' })
  expect(point).toEqual({ ok: true, value: { type: 'resume', cursor: at(16), reconnecting: false } })
  expect(attachPoint({ ...nothing, cursor: 'r1:0:16:end' })).toEqual({ ok: true, value: { type: 'over' } })
  expect(attachPoint({ ...nothing, cursor: 'garbage' })).toMatchObject({
    ok: false,
    error: { code: 'bad-request', details: { parameter: 'cursor' } },
  })
})
