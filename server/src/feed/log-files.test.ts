import { appendFileSync, readdirSync, readFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { temporaryRunDir } from './feed.fixture.ts'
import { LineIndex } from './line-index.ts'
import { type Checkpoint, kindsPath, loadCheckpoint, logPath, saveCheckpoint } from './log-files.ts'

/** A log of 3,000 lines, read up to line 2,000, and the checkpoint that was saved there. */
async function savedLog(): Promise<{ runDir: string; checkpoint: Checkpoint; index: LineIndex }> {
  const runDir = temporaryRunDir()
  const lines = Array.from({ length: 3_000 }, (_, i) => `line ${String(i + 1).padStart(4, '0')}\n`)
  writeFileSync(logPath(runDir), lines.join(''))
  writeFileSync(kindsPath(runDir), Buffer.alloc(3_000))
  const index = new LineIndex()
  index.note(1_501, 15_000)
  const checkpoint = { generation: 2, bytes: 20_000, lines: 2_000, parser: { state: 'of the parser' } }
  await saveCheckpoint(runDir, checkpoint, index)
  return { runDir, checkpoint, index }
}

test('what was saved comes back', async () => {
  const { runDir, checkpoint, index } = await savedLog()
  const saved = await loadCheckpoint(runDir)
  expect(saved).toMatchObject({ generation: 2, resume: { checkpoint } })
  expect(saved?.resume?.index.toBytes()).toEqual(index.toBytes())
  expect(readdirSync(runDir).filter((name) => name.endsWith('.new'))).toEqual([])
})

test('a log that has grown meanwhile goes on from there', async () => {
  const { runDir } = await savedLog()
  appendFileSync(logPath(runDir), 'more\n')
  expect((await loadCheckpoint(runDir))?.resume).not.toBeNull()
})

test('an index that is newer than the checkpoint is cut back to it', async () => {
  const { runDir, checkpoint, index } = await savedLog()
  const older = readFileSync(join(runDir, 'run.checkpoint'))
  index.note(2_601, 26_000)
  await saveCheckpoint(runDir, { ...checkpoint, lines: 2_800, bytes: 28_000 }, index)
  writeFileSync(join(runDir, 'run.checkpoint'), older)
  const saved = await loadCheckpoint(runDir)
  expect(saved?.resume?.index.beforeLine(3_000)).toEqual({ line: 1_501, offset: 15_000 })
})

test('there is none where none was saved', async () => {
  expect(await loadCheckpoint(temporaryRunDir())).toBeNull()
  expect(await loadCheckpoint(join(temporaryRunDir(), 'nowhere'))).toBeNull()
})

test('a checkpoint before the first byte needs no log', async () => {
  const runDir = temporaryRunDir()
  await saveCheckpoint(runDir, { generation: 0, bytes: 0, lines: 0, parser: null }, new LineIndex())
  expect(await loadCheckpoint(runDir)).toMatchObject({ generation: 0, resume: { checkpoint: { bytes: 0 } } })
})

test.each([
  ['is shorter', (log: string) => truncateSync(log, 19_999)],
  ['is gone', (log: string) => unlinkSync(log)],
  ['is another one', (log: string) => writeFileSync(log, 'x'.repeat(30_000))],
  [
    'was rotated',
    (log: string) => {
      renameSync(log, `${log}.1`)
      writeFileSync(log, 'new\n')
    },
  ],
])('a log that %s has begun anew: it is read from its beginning, as the next generation', async (_, change) => {
  const { runDir } = await savedLog()
  change(logPath(runDir))
  expect(await loadCheckpoint(runDir)).toEqual({ generation: 3, resume: null })
})

test.each([
  ['the index is garbage', (dir: string) => writeFileSync(join(dir, 'run.index'), 'garbage')],
  ['the index is gone', (dir: string) => unlinkSync(join(dir, 'run.index'))],
  ['line kinds are missing', (dir: string) => truncateSync(kindsPath(dir), 1_999)],
  ['the line kinds are gone', (dir: string) => unlinkSync(kindsPath(dir))],
])('the same log is read from its beginning when %s', async (_, change) => {
  const { runDir } = await savedLog()
  change(runDir)
  expect(await loadCheckpoint(runDir)).toEqual({ generation: 2, resume: null })
})

test.each([
  ['', 'empty'],
  ['{"generation":0,"bytes":1', 'torn'],
  ['null', 'null'],
  ['[]', 'a list'],
  ['{"generation":0,"bytes":0,"lines":0,"guard":""}', 'without a parser'],
  ['{"generation":0,"bytes":0,"lines":0,"parser":{}}', 'without a guard'],
  ['{"generation":0,"bytes":-1,"lines":0,"parser":{},"guard":""}', 'negative'],
  ['{"generation":0.5,"bytes":0,"lines":0,"parser":{},"guard":""}', 'fractional'],
  ['{"generation":"0","bytes":0,"lines":0,"parser":{},"guard":""}', 'of another type'],
])('a checkpoint that is %j (%s) is none', async (content) => {
  const { runDir } = await savedLog()
  const seal = crc32(content).toString(16).padStart(8, '0')
  writeFileSync(join(runDir, 'run.checkpoint'), content + seal)
  expect(await loadCheckpoint(runDir)).toBeNull()
})

test.each([
  ['run.checkpoint', null],
  ['run.index', { generation: 2, resume: null }],
])('one wrong bit anywhere in %s is noticed', async (name, expected) => {
  const { runDir } = await savedLog()
  const path = join(runDir, name)
  const whole = readFileSync(path)
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole)
    damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8))
    writeFileSync(path, damaged)
    expect(await loadCheckpoint(runDir)).toEqual(expected)
  }
  writeFileSync(path, whole)
  expect((await loadCheckpoint(runDir))?.resume).not.toBeNull()
})

test('a later checkpoint takes the place of the earlier one', async () => {
  const { runDir, index } = await savedLog()
  index.note(3_001, 30_000)
  await saveCheckpoint(runDir, { generation: 2, bytes: 30_000, lines: 3_000, parser: null }, index)
  expect(await loadCheckpoint(runDir)).toMatchObject({ resume: { checkpoint: { lines: 3_000 } } })
  expect(readFileSync(join(runDir, 'run.checkpoint'), 'utf8')).toContain('"bytes":30000')
})
