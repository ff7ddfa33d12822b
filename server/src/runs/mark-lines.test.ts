import type { LineKind } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { temporaryRunDir, Viewer, WrittenLog } from '../feed/feed.fixture.ts'
import { LineKinds } from '../feed/line-kinds.ts'
import { kindsPath } from '../feed/log-files.ts'
import { createLogParser } from '../stata/log/log-parser.ts'
import { markLines } from './log-pump.ts'

const batchOf = (first: number, ...text: string[]) => ({ first, start: 0, next: 0, text, cut: [] })

test('the kinds of lines are told with them, and an error is told as one when its return code has come', async () => {
  const kinds = new LineKinds(kindsPath(temporaryRunDir()))
  const parser = createLogParser()
  const first = await markLines(batchOf(1, '', '. summarize nobody', 'variable nobody not found'), kinds, parser)
  expect(first).toEqual({ command: [2] })
  const second = await markLines(batchOf(4, 'r(111);', '', 'end of do-file'), kinds, parser)
  expect(second).toEqual({ error: [4, 3] })
  expect((await kinds.read(1, 6)).map(({ kind }) => kind)).toEqual(
    Array.from<LineKind>(['output', 'command', 'error', 'error', 'output', 'output']),
  )
  await kinds.close()
})

test('a viewer that reads the log file is told the kinds as they turned out', async () => {
  const log = new WrittenLog({ bytes: 1, entries: 1 })
  log.write('. summarize nobody\nvariable nobody not found\nr(111);\n')
  await log.kinds.revise(1, 'command')
  await log.kinds.revise(2, 'error')
  await log.kinds.revise(3, 'error')
  log.finish()
  const [, lines] = await new Viewer(log.feed).read()
  expect(lines?.event).toMatchObject({ type: 'lines', first: 1, kinds: { command: [1], error: [2, 3] } })
})
