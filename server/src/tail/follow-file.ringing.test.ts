import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Following, filesWith, followedLog, temporaryLog } from './following.fixture.ts'
import { nodeFiles } from './node-files.ts'

describe('a log whose bell rings', () => {
  test('is read at once and once for each ring, and rests without another look', async () => {
    const reads: string[] = []
    let ring = () => {}
    const deps = filesWith((file) => ({
      read: (buffer, position) => {
        reads.push('in turn')
        return file.read(buffer, position)
      },
      readNow: (buffer, position) => {
        reads.push('at once')
        return readSync(fd, buffer, 0, buffer.length, position)
      },
    }))
    const path = temporaryLog()
    writeFileSync(path, 'one\n')
    const fd = openSync(path, 'r')
    onTestFinished(() => closeSync(fd))
    const following = new Following(path, {
      ...deps,
      // However long the test takes, it is no reason for another look.
      now: () => 0,
      bell: (_path, ringing) => {
        ring = ringing
        return { watching: true, close: () => {} }
      },
    })
    await following.resting()
    reads.length = 0
    for (let i = 1; i <= 5; i++) {
      appendFileSync(path, 'two\n')
      ring()
      await following.until(() => following.text === `one\n${'two\n'.repeat(i)}`)
    }
    expect(reads).toEqual(Array(5).fill('at once'))
    await following.finish()
    expect(following.text).toBe(`one\n${'two\n'.repeat(5)}`)
  })

  test('is missed when its directory is moved away, though it is never quiet for long', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'following-'))
    onTestFinished(() => {
      for (const name of [directory, `${directory}.moved`]) rmSync(name, { recursive: true, force: true })
    })
    const path = join(directory, 'run.log')
    writeFileSync(path, '')
    const fd = openSync(path, 'a')
    onTestFinished(() => closeSync(fd))
    const following = new Following(path)
    await following.resting()
    renameSync(directory, `${directory}.moved`)
    let lines = 0
    const writer = setInterval(() => {
      writeSync(fd, 'one\n')
      lines += 1
      if (lines === 100) void following.abort()
    }, 20)
    onTestFinished(() => clearInterval(writer))
    await following.until(() => following.items.length > 0)
    expect(following.items).toEqual([{ type: 'deleted' }])
  })

  test('is missed when it is moved away, though each look finds something', async () => {
    const path = temporaryLog()
    writeFileSync(path, '')
    let looks = 0
    let time = 0
    const deps = filesWith((file) => ({
      read: (buffer, position) => {
        looks += 1
        appendFileSync(path, 'one\n')
        return file.read(buffer, position)
      },
    }))
    const following = new Following(path, {
      ...deps,
      now: () => {
        time += 10
        return time
      },
      // As after a move of its directory, which nothing rings for.
      identify: async () => (looks < 50 ? await nodeFiles.identify(path) : null),
    })
    await following.until(() => following.items.length > 0)
    expect(following.items).toEqual([{ type: 'deleted' }])
  })

  test('is read in turn where it grows faster than it is read', async () => {
    let atOnce = 0
    const deps = filesWith((file) => ({
      readNow: (buffer, position) => {
        atOnce += 1
        return file.readNow?.(buffer, position) ?? 0
      },
    }))
    const { path, following } = await followedLog('one\n', deps)
    const more = Buffer.alloc(8 * 1024 * 1024, 'x')
    appendFileSync(path, more)
    await following.until(() => following.bytes.length === 4 + more.length)
    // What filled its buffer is followed by reads in turn.
    expect(atOnce).toBeLessThan(5)
    expect(following.bytes.subarray(4).equals(more)).toBe(true)
  })

  test.runIf(process.platform === 'linux')('is read at once only where that waits for nobody', async () => {
    const inMemory = mkdtempSync('/dev/shm/following-')
    onTestFinished(() => rmSync(inMemory, { recursive: true }))
    const path = join(inMemory, 'run.log')
    writeFileSync(path, 'one\n')
    const file = await nodeFiles.open(path)
    onTestFinished(() => file.close())
    const buffer = Buffer.alloc(10)
    expect(file.readNow?.(buffer, 1)).toBe(3)
    expect(buffer.toString('latin1', 0, 3)).toBe('ne\n')
    // Made by the kernel when it is read, however long that takes.
    const other = await nodeFiles.open('/proc/self/status')
    onTestFinished(() => other.close())
    expect(other.readNow).toBeNull()
  })
})
