import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  Following,
  filesWith,
  followedLog,
  openHandles,
  silentBell,
  temporaryLog,
  watchCount,
} from './following.fixture.ts'
import { nodeFiles } from './node-files.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`follow-file.test.ts: fast-check seed ${seed}`)

const isLinux = process.platform === 'linux'

describe('a log that changes under its reader', () => {
  test('grows a last time between a look and a change of names', async () => {
    let swap = () => {}
    const { path, following } = await followedLog('old 1\n', {
      identify: async (name) => {
        swap()
        swap = () => {}
        return await nodeFiles.identify(name)
      },
    })
    swap = () => {
      appendFileSync(path, 'old 2\n')
      renameSync(path, `${path}.1`)
      writeFileSync(path, 'new\n')
    }
    await following.until(() => following.text === 'new\n')
    expect(following.texts).toEqual(['old 1\nold 2\n', 'new\n'])
  })

  test('goes on through the open handle when it is deleted', async () => {
    const { path, following } = await followedLog('one\n')
    const fd = openSync(path, 'a')
    onTestFinished(() => closeSync(fd))
    unlinkSync(path)
    writeSync(fd, 'two\n')
    await following.until(() => following.text === 'one\ntwo\n')
    writeSync(fd, 'three')
    await following.finish()
    expect(following.text).toBe('one\ntwo\nthree')
    expect(following.items).toEqual([{ type: 'deleted' }])
  })

  test('goes on when it is renamed', async () => {
    const { path, following } = await followedLog('one\n')
    renameSync(path, `${path}.1`)
    appendFileSync(`${path}.1`, 'two\n')
    await following.until(() => following.text === 'one\ntwo\n')
    await following.until(() => following.items.length === 1)
    renameSync(`${path}.1`, path)
    await following.until(() => following.items.length === 2)
    expect(following.items).toEqual([{ type: 'deleted' }, { type: 'recovered' }])
  })

  test('is lost when it is deleted while nobody has it open', async () => {
    const following = new Following(temporaryLog(), {}, 100)
    await following.until(() => following.items.length === 1)
    await following.finish()
    expect(following.items).toEqual([{ type: 'deleted' }, { type: 'lost', message: 'it was deleted' }])
  })

  test('begins anew when another file comes after its deletion', async () => {
    const { path, following } = await followedLog('one\n')
    unlinkSync(path)
    writeFileSync(path, 'two\n')
    await following.until(() => following.text === 'two\n')
    expect(following.resets).toEqual([{ type: 'reset', reason: 'replaced' }])
  })

  test('begins anew when it is emptied and nothing follows', async () => {
    const { path, following } = await followedLog('one\n')
    truncateSync(path)
    await following.until(() => following.items.length === 1)
    await following.finish()
    expect(following.texts).toEqual(['one\n', ''])
  })

  test('begins anew when it is shorter than the offset to begin at', async () => {
    const path = temporaryLog()
    writeFileSync(path, 'short\n')
    const following = new Following(path, {}, 1_000)
    await following.until(() => following.text === 'short\n')
    expect(following.items).toEqual([{ type: 'reset', reason: 'truncated' }])
  })

  test('is not taken for truncated because of one short read, again and again', async () => {
    let shortReads = 0
    const deps = filesWith((file) => ({
      read: async (buffer, position) => (shortReads-- > 0 ? 0 : await file.read(buffer, position)),
    }))
    const { path, following } = await followedLog('one\n', deps)
    for (let i = 1; i <= 5; i++) {
      shortReads = 1
      appendFileSync(path, 'two\n')
      await following.until(() => following.text === `one\n${'two\n'.repeat(i)}`)
    }
    expect(following.items).toEqual([])
  })

  test('is read through the same changes again and again, whatever comes in which order', async () => {
    type Change = { readonly type: 'append' | 'rewrite' | 'replace'; readonly size: number }
    const change: fc.Arbitrary<Change> = fc.record({
      type: fc.constantFrom('append', 'append', 'append', 'rewrite', 'replace'),
      size: fc.integer({ min: 1, max: 200_000 }),
    })
    const property = fc.asyncProperty(fc.array(change, { maxLength: 8, size: 'max' }), async (changes) => {
      const path = temporaryLog()
      writeFileSync(path, '')
      const following = new Following(path)
      const expected = [Buffer.alloc(0)]
      for (const [i, { type, size }] of changes.entries()) {
        // No part of it looks like what another change writes.
        const content = Buffer.alloc(size, createHash('sha256').update(`${i}`).digest())
        const before = expected.at(-1) ?? Buffer.alloc(0)
        if (type === 'append') {
          appendFileSync(path, content)
          expected[expected.length - 1] = Buffer.concat([before, content])
        } else {
          await following.until(() => following.bytes.equals(before))
          if (type === 'replace') {
            writeFileSync(`${path}.new`, content)
            renameSync(`${path}.new`, path)
          } else {
            writeFileSync(path, content)
          }
          // What was empty before did not begin anew, unless another file took its name.
          if (before.length > 0 || type === 'replace') expected.push(content)
          else expected[expected.length - 1] = content
        }
      }
      await following.finish()
      // An empty log that was replaced may have been seen, or not.
      const nonEmpty = (logs: readonly Buffer[]) => logs.filter(({ length }) => length > 0)
      const seen = nonEmpty(following.generations.map((chunks) => Buffer.concat(chunks)))
      expect(seen.map(hashOf)).toEqual(nonEmpty(expected).map(hashOf))
    })
    await fc.assert(property, { seed, numRuns: 30 })
  })
})

describe('errors', () => {
  test('are told once until reading works again, then anew', async () => {
    let failing = 0
    const deps = filesWith((file) => ({
      read: async (buffer, position) => {
        if (failing-- > 0) throw new Error('EIO')
        return await file.read(buffer, position)
      },
    }))
    const { path, following } = await followedLog('a', deps)
    failing = 3
    appendFileSync(path, 'b')
    await following.until(() => following.text === 'ab')
    failing = 2
    appendFileSync(path, 'c')
    await following.until(() => following.text === 'abc')
    expect(following.items.map(({ type }) => type)).toEqual(['trouble', 'recovered', 'trouble', 'recovered'])
  })

  test('after the end of the writer do not lose the rest', async () => {
    let failing = 0
    const deps = filesWith((file) => ({
      read: async (buffer, position) => {
        if (failing-- > 0) throw new Error('ESTALE')
        return await file.read(buffer, position)
      },
    }))
    const { path, following } = await followedLog('a', deps)
    appendFileSync(path, 'b')
    failing = 3
    await following.finish()
    expect(following.text).toBe('ab')
  })

  test('that stay end the following once the writer has ended, and it says so', async () => {
    const deps = filesWith({ read: () => Promise.reject(new Error('EIO')) })
    const path = temporaryLog()
    writeFileSync(path, 'unreadable')
    const following = new Following(path, deps)
    await following.finish()
    expect(following.items).toEqual([
      { type: 'trouble', message: 'EIO' },
      { type: 'lost', message: 'EIO' },
    ])
  })

  test('a directory in the place of the log is trouble, told once', async () => {
    const following = new Following(dirname(temporaryLog()))
    await following.until(() => following.items.length > 0)
    await following.finish()
    const message = expect.stringContaining('EISDIR')
    expect(following.items).toEqual([
      { type: 'trouble', message },
      { type: 'lost', message },
    ])
  })
})

describe('the end', () => {
  test('comes at once for a log that never was', async () => {
    const following = new Following(temporaryLog())
    await following.finish()
    expect(following.texts).toEqual([''])
  })

  test('comes after everything, with a writer of its own process that flushes 200,000 lines', async () => {
    const path = temporaryLog()
    const following = new Following(path)
    const writer = spawn(process.execPath, ['-e', FLUSHING_WRITER, path], { stdio: 'inherit' })
    const [code] = await once(writer, 'exit')
    await following.finish()
    expect(code).toBe(0)
    expect(following.bytes.length).toBe(readFileSync(path).length)
    expect(following.text.split('\n')).toHaveLength(200_001)
    expect(hashOf(following.bytes)).toBe(hashOf(readFileSync(path)))
    expect(following.items).toEqual([])
  })

  test('looks at the file anew, as another machine may have written last', async () => {
    let stale = false
    const deps = filesWith((file) => {
      // As a network file system's client does, which asks for the size at open and then believes it for a while.
      const believesOldSize = stale
      return {
        read: async (buffer, position) => {
          const limit = stale && !believesOldSize ? Math.max(0, 4 - position) : buffer.length
          return await file.read(buffer.subarray(0, Math.min(limit, buffer.length)), position)
        },
      }
    })
    const { path, following } = await followedLog('one\n', { ...deps, bell: silentBell })
    stale = true
    appendFileSync(path, 'two\n')
    await following.finish()
    expect(following.text).toBe('one\ntwo\n')
  })
})

describe.runIf(isLinux)('an abort', () => {
  test('closes the file and the watch', async () => {
    const watchesBefore = watchCount()
    const { path, following } = await followedLog('one\n')
    expect(openHandles(path)).toBe(1)
    expect(watchCount()).toBe(watchesBefore + 1)
    await following.abort()
    expect(openHandles(path)).toBe(0)
    expect(watchCount()).toBe(watchesBefore)
  })

  test('in the middle of a large log gives nothing more', async () => {
    const path = temporaryLog()
    writeFileSync(path, Buffer.alloc(4 * 1024 * 1024, 'x'))
    const following = new Following(path)
    await following.until(() => following.bytes.length > 0)
    await following.abort()
    expect(following.bytes.length).toBeLessThan(1024 * 1024)
    expect(openHandles(path)).toBe(0)
  })

  test('while the file is read gives nothing of what was read', async () => {
    let abort = () => {}
    const deps = filesWith((file) => ({
      read: async (buffer, position) => {
        const count = await file.read(buffer, position)
        abort()
        return count
      },
    }))
    const { path, following } = await followedLog('one\n', deps)
    abort = () => void following.abort()
    appendFileSync(path, 'two\n')
    await following.done
    expect(following.text).toBe('one\n')
  })

  test('before the file is there ends the waiting', async () => {
    const following = new Following(temporaryLog())
    await setImmediate()
    await following.abort()
    expect(following.items).toEqual([])
  })

  test('by a reader that just stops closes the file and the watch, too', async () => {
    const { followFile } = await import('./follow-file.ts')
    const watchesBefore = watchCount()
    const path = temporaryLog()
    writeFileSync(path, 'one\n')
    const { signal } = new AbortController()
    for await (const item of followFile({ path, offset: 0, signal, writerDone: signal }, nodeFiles)) {
      expect(item.type).toBe('bytes')
      expect(openHandles(path)).toBe(1)
      break
    }
    expect(openHandles(path)).toBe(0)
    expect(watchCount()).toBe(watchesBefore)
  })

  test('leaves nothing open of a log that was rotated, truncated and unreadable', async () => {
    const watchesBefore = watchCount()
    let failing = 0
    const deps = filesWith((file) => ({
      read: async (buffer, position) => {
        if (failing-- > 0) throw new Error('EIO')
        return await file.read(buffer, position)
      },
    }))
    const { path, following } = await followedLog('one\n', deps)
    const fd = openSync(path, 'r+')
    onTestFinished(() => closeSync(fd))
    ftruncateSync(fd, 0)
    await following.until(() => following.generations.length === 2)
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'two\n')
    await following.until(() => following.text === 'two\n')
    failing = 2
    appendFileSync(path, 'three\n')
    await following.until(() => following.text === 'two\nthree\n')
    // Besides the one that follows now, only the test's own.
    expect(openHandles(path) + openHandles(`${path}.1`)).toBe(2)
    await following.abort()
    expect(openHandles(path) + openHandles(`${path}.1`)).toBe(1)
    expect(watchCount()).toBe(watchesBefore)
  })
})

const FLUSHING_WRITER = `
  const { openSync, writeSync } = require('node:fs')
  const fd = openSync(process.argv[1], 'w')
  for (let i = 0; i < 200_000; i++) writeSync(fd, 'line ' + i + ' of a writer that flushes\\n')
`

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
