import { writeFile } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { runRecord, temporaryRunDir } from '../feed/feed.fixture.ts'
import { logPath } from '../feed/log-files.ts'
import { createLogParser, parseLogParserSnapshot } from '../stata/log/log-parser.ts'
import { type CreateParser, RunLog } from './run-log.ts'

const createParser: CreateParser = (snapshot) => {
  if (snapshot === undefined) return createLogParser({})
  const restore = parseLogParserSnapshot(snapshot)
  return restore && createLogParser({ restore })
}

const LOG = 'one\ntwo\n'

/** The directory of a run whose log has been read and noted, as of generation 0. */
async function notedLog(): Promise<string> {
  const runDir = temporaryRunDir()
  await writeFile(logPath(runDir), LOG)
  await using log = await opened(runDir, 0)
  await log.catchUp(LOG.length)
  await log.checkpoint()
  return runDir
}

async function opened(runDir: string, generation: number) {
  const log = await RunLog.open(runDir, runRecord(), generation, createParser)
  onTestFinished(() => log.close())
  return Object.assign(log, { [Symbol.asyncDispose]: () => log.close() })
}

test('a log goes on from where it was noted', async () => {
  const { feed } = await opened(await notedLog(), 0)
  expect(feed).toMatchObject({ generation: 0, bytes: LOG.length, lines: 2 })
})

test('a log that began anew since is read from its beginning, however much it looks like the one that was noted', async () => {
  const { feed } = await opened(await notedLog(), 1)
  expect(feed).toMatchObject({ generation: 1, bytes: 0, lines: 0 })
})

test('a log that changed while nobody looked is of a generation that nobody was told of', async () => {
  const runDir = await notedLog()
  await writeFile(logPath(runDir), 'another\n')
  const { feed } = await opened(runDir, 0)
  expect(feed).toMatchObject({ generation: 1, bytes: 0, lines: 0 })
})
