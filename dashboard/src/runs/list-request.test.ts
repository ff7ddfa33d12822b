import { expect, test } from 'vitest'
import { listRequest, RUNS_PAGE_SIZE } from './list-request.ts'

const ask = (search: string) => listRequest(new URLSearchParams(search))

test('an address without parameters asks for the newest runs of all kinds', () => {
  expect(ask('')).toEqual({ limit: RUNS_PAGE_SIZE })
})

test('state, text, do-file and page are taken from the address', () => {
  expect(ask('state=failed&q=+wage+&file=%2Fp%2Fmain.do&before=01ABC')).toEqual({
    limit: RUNS_PAGE_SIZE,
    state: ['failed', 'timed-out', 'lost'],
    q: 'wage',
    file: '/p/main.do',
    cursor: '01ABC',
  })
})

test('a state that there is not, and a text of blanks, ask for nothing special', () => {
  expect(ask('state=toString&q=++')).toEqual({ limit: RUNS_PAGE_SIZE })
})
