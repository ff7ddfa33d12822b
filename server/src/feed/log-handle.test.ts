import { renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openFiles, temporaryRunDir } from './feed.fixture.ts'
import { logPath } from './log-files.ts'
import { LogHandle } from './log-handle.ts'

const isLinux = process.platform === 'linux'

function newLog(content: string, idleMs?: number): { path: string; handle: LogHandle } {
  const path = logPath(temporaryRunDir())
  writeFileSync(path, content)
  const handle = new LogHandle(path, idleMs)
  onTestFinished(() => handle.close())
  return { path, handle }
}

async function read(handle: LogHandle, bytes = 100, position = 0): Promise<string> {
  const buffer = Buffer.alloc(bytes)
  return buffer.toString('utf8', 0, await handle.read(buffer, position))
}

test('it reads from where it is asked to, and nothing beyond the end', async () => {
  const { handle } = newLog('one\ntwo\n')
  expect(await read(handle, 3, 4)).toBe('two')
  expect(await read(handle, 3, 8)).toBe('')
})

test('a log that is not there reads as empty, and is read once it is', async () => {
  const path = logPath(temporaryRunDir())
  const handle = new LogHandle(path)
  onTestFinished(() => handle.close())
  expect(await read(handle)).toBe('')
  writeFileSync(path, 'one\n')
  expect(await read(handle)).toBe('one\n')
})

test('after a close the name is looked up anew', async () => {
  const { path, handle } = newLog('old\n')
  expect(await read(handle)).toBe('old\n')
  writeFileSync(`${path}.new`, 'new\n')
  renameSync(`${path}.new`, path)
  expect(await read(handle)).toBe('old\n')
  await handle.close()
  expect(await read(handle)).toBe('new\n')
})

test.runIf(isLinux)('many reads at once share one open file', async () => {
  const { path, handle } = newLog('one\n')
  const reads = Array.from({ length: 50 }, () => read(handle))
  expect(await Promise.all(reads)).toEqual(Array.from({ length: 50 }, () => 'one\n'))
  expect(openFiles(dirname(path))).toBe(1)
})

test.runIf(isLinux)('reads that are under way when it is closed come back, and nothing stays open', async () => {
  const { path, handle } = newLog('one\n')
  for (let i = 0; i < 50; i++) {
    const reads = [read(handle), read(handle)]
    const closed = handle.close()
    expect(await Promise.all(reads)).toEqual(['one\n', 'one\n'])
    await closed
  }
  expect(openFiles(dirname(path))).toBe(0)
})

test.runIf(isLinux)('it closes the file when nobody has read for a while, and opens it again', async () => {
  const { path, handle } = newLog('one\n', 1)
  expect(await read(handle)).toBe('one\n')
  while (openFiles(dirname(path)) > 0) await new Promise(setImmediate)
  expect(await read(handle)).toBe('one\n')
})

test.runIf(isLinux)('a read that fails leaves no file open', async () => {
  const directory = temporaryRunDir()
  const handle = new LogHandle(directory)
  await expect(read(handle)).rejects.toThrow('EISDIR')
  expect(openFiles(directory)).toBe(0)
})
