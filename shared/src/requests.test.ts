import { describe, expect, test } from 'vitest'
import { MAX_ARGS, MAX_PAGE_LINES } from './limits.ts'
import {
  linesQuerySchema,
  listRunsQuerySchema,
  runFileBodySchema,
  runFileQuerySchema,
  startRunSchema,
  streamQuerySchema,
} from './requests.ts'

describe('the query of /run_file', () => {
  test('takes numbers and flags as text, and one argument or several', () => {
    const query = { file_path: 'a.do', timeout: '2.5', args: 'x', cancel_on_disconnect: 'true', format: 'json' }
    expect(runFileQuerySchema.parse(query)).toEqual({
      ...query,
      timeout: 2.5,
      args: ['x'],
      cancel_on_disconnect: true,
    })
    expect(runFileQuerySchema.parse({ file_path: 'a.do', args: ['x', 'y'] }).args).toEqual(['x', 'y'])
  })

  test.each([
    ['no file', {}],
    ['an empty file', { file_path: '' }],
    ['a file named twice', { file_path: ['a.do', 'b.do'] }],
    ['a misspelt parameter', { file_path: 'a.do', time_out: '5' }],
    ['a time-out that is no number', { file_path: 'a.do', timeout: 'soon' }],
    ['a time-out of nothing', { file_path: 'a.do', timeout: '0' }],
    ['a negative time-out', { file_path: 'a.do', timeout: '-1' }],
    ['a time-out of a thousand years', { file_path: 'a.do', timeout: '31536000000' }],
    ['an unknown format', { file_path: 'a.do', format: 'xml' }],
    ['too many arguments', { file_path: 'a.do', args: Array.from({ length: MAX_ARGS + 1 }, () => 'x') }],
  ])('refuses %s', (_what, query) => {
    expect(runFileQuerySchema.safeParse(query).success).toBe(false)
  })
})

test('bodies take numbers as numbers', () => {
  expect(runFileBodySchema.parse({ file_path: 'a.do', timeout: 2 }).timeout).toBe(2)
  expect(runFileBodySchema.safeParse({ file_path: 'a.do', timeout: '2' }).success).toBe(false)
  expect(startRunSchema.safeParse({ file: 'a.do', timeout: 2 }).success).toBe(false)
})

test('states may be repeated or separated by commas, and must be states', () => {
  expect(listRunsQuerySchema.parse({ state: 'failed,lost' }).state).toEqual(['failed', 'lost'])
  expect(listRunsQuerySchema.parse({ state: ['failed', 'lost'] }).state).toEqual(['failed', 'lost'])
  expect(listRunsQuerySchema.safeParse({ state: 'broken' }).success).toBe(false)
})

test('runs are looked for by an absolute path, since a relative one would find none', () => {
  for (const file of ['/wage/main.do', 'C:\\wage\\main.do', '\\\\lab\\wage\\main.do']) {
    expect(listRunsQuerySchema.parse({ file }).file).toBe(file)
  }
  expect(listRunsQuerySchema.safeParse({ file: 'main.do' }).error?.issues[0]?.message).toBe('must be an absolute path')
})

test('a page of lines begins at 1 and has a bound', () => {
  expect(linesQuerySchema.safeParse({ from: '0' }).success).toBe(false)
  expect(linesQuerySchema.safeParse({ count: String(MAX_PAGE_LINES + 1) }).success).toBe(false)
  expect(linesQuerySchema.parse({ from: '1', count: String(MAX_PAGE_LINES) })).toEqual({
    from: 1,
    count: MAX_PAGE_LINES,
  })
})

test('a stream may be asked from a cursor', () => {
  expect(streamQuerySchema.parse({ cursor: 'R:0:0', format: 'json' })).toEqual({ cursor: 'R:0:0', format: 'json' })
})
