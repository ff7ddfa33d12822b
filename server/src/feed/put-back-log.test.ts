import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryRunDir } from './feed.fixture.ts'
import { logPath } from './log-files.ts'
import { LogHandle } from './log-handle.ts'
import { putBackLog } from './put-back-log.ts'

async function heldLog(content: string): Promise<{ path: string; handle: LogHandle }> {
  const path = logPath(temporaryRunDir())
  writeFileSync(path, content)
  const handle = new LogHandle(path)
  onTestFinished(() => handle.close())
  await handle.hold()
  return { path, handle }
}

test('a log that was deleted lies there again, as far as it was read', async () => {
  const content = 'line\n'.repeat(500_000)
  const { path, handle } = await heldLog(content)
  unlinkSync(path)
  expect(await putBackLog(handle, content.length)).toBe(true)
  expect(readFileSync(path, 'utf8')).toBe(content)
})

test('its directory does, too', async () => {
  const { path, handle } = await heldLog('one\n')
  rmSync(dirname(path), { recursive: true })
  expect(await putBackLog(handle, 4)).toBe(true)
  expect(readFileSync(path, 'utf8')).toBe('one\n')
})

test('a log that is there is left alone', async () => {
  const { path, handle } = await heldLog('one\n')
  appendFileSync(path, 'two\n')
  expect(await putBackLog(handle, 4)).toBe(true)
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n')
  expect(await putBackLog(handle, 100)).toBe(false)
})

test('half a log is not put back', async () => {
  const { path, handle } = await heldLog('one\n')
  unlinkSync(path)
  expect(await putBackLog(handle, 8)).toBe(false)
  expect(existsSync(path)).toBe(false)
  expect(readdirSync(dirname(path))).toEqual([])
})
