import { appendFileSync, closeSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { createFileBell } from './file-bell.ts'
import { Following, filesWith, followedLog, silentBell, temporaryLog } from './following.fixture.ts'
import { nodeFiles } from './node-files.ts'

/** Eleven situations in which npm `tail`, used as it is shipped, loses, garbles or sticks. */
describe('where npm tail fails', () => {
  test('a character whose bytes come in two writes is whole', async () => {
    const { path, following } = await followedLog('prix: ')
    const euro = Buffer.from('10 €\n')
    appendFileSync(path, euro.subarray(0, 4))
    await following.until(() => following.bytes.length === 10)
    appendFileSync(path, euro.subarray(4))
    await following.until(() => following.text === 'prix: 10 €\n')
  })

  test('twenty thousand writes right before the end of the writer are all there', async () => {
    const { path, following } = await followedLog('begin\n')
    const fd = openSync(path, 'a')
    for (let i = 0; i < 20_000; i++) writeSync(fd, `line ${i}\n`)
    closeSync(fd)
    await following.finish()
    expect(following.bytes.equals(readFileSync(path))).toBe(true)
  })

  test('a last line without a line end is there', async () => {
    const { path, following } = await followedLog('. error 601\n')
    appendFileSync(path, 'r(601);')
    await following.finish()
    expect(following.text).toBe('. error 601\nr(601);')
  })

  test('a log that is truncated and rewritten shorter begins anew', async () => {
    const { path, following } = await followedLog('old line 1\nold line 2\n')
    await writeFileSync(path, 'new\n')
    await following.until(() => following.text === 'new\n')
    expect(following.items).toEqual([{ type: 'reset', reason: 'truncated' }])
  })

  test('a log that is truncated and rewritten longer begins anew, and nothing is mixed', async () => {
    const { path, following } = await followedLog('old line 1\n')
    writeFileSync(path, 'A much longer first line\nand a second\n')
    await following.until(() => following.text === 'A much longer first line\nand a second\n')
    expect(following.items).toEqual([{ type: 'reset', reason: 'replaced' }])
    expect(following.texts).toEqual(['old line 1\n', 'A much longer first line\nand a second\n'])
  })

  test('a log that is rotated is read to its end before the new one from its beginning', async () => {
    const { path, following } = await followedLog('old 1\n')
    appendFileSync(path, 'old 2\n')
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'new 1\nnew 2\n')
    await following.until(() => following.text === 'new 1\nnew 2\n')
    appendFileSync(path, 'new 3\n')
    await following.until(() => following.text === 'new 1\nnew 2\nnew 3\n')
    expect(following.resets).toEqual([{ type: 'reset', reason: 'replaced' }])
    expect(following.texts[0]).toBe('old 1\nold 2\n')
  })

  test('following begins at the very offset that was asked for', async () => {
    const path = temporaryLog()
    writeFileSync(path, Array.from({ length: 40 }, (_, i) => `line ${i} ${'.'.repeat(30)}\n`).join(''))
    const following = new Following(path, {}, 1_000)
    await following.finish()
    expect(following.bytes.equals(readFileSync(path).subarray(1_000))).toBe(true)
    expect(following.items).toEqual([])
  })

  test('a write just before the watch is armed is seen without another one', async () => {
    const path = temporaryLog()
    writeFileSync(path, '')
    let looks = 0
    const following = new Following(path, {
      ...filesWith((file) => ({
        read: (buffer, position) => {
          looks += 1
          return file.read(buffer, position)
        },
      })),
      bell: (watched, ring) => {
        appendFileSync(watched, 'in between\n')
        return createFileBell(watched, ring)
      },
    })
    await following.until(() => following.text === 'in between\n')
    expect(looks).toBe(1)
  })

  test('a read error is told, and the log goes on where it was', async () => {
    let failing = 0
    const deps = filesWith((file) => ({
      read: async (buffer, position) => {
        if (failing-- > 0) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
        return await file.read(buffer, position)
      },
    }))
    const { path, following } = await followedLog('before\n', deps)
    failing = 1
    appendFileSync(path, 'after\n')
    await following.until(() => following.text === 'before\nafter\n')
    expect(following.items).toEqual([{ type: 'trouble', message: 'EIO: i/o error, read' }, { type: 'recovered' }])
  })

  test('polling sees what is appended, truncated and replaced where nothing can be watched', async () => {
    const { path, following } = await followedLog('one\n', { bell: silentBell })
    await following.resting()
    appendFileSync(path, 'two\n')
    await following.until(() => following.text === 'one\ntwo\n')
    await following.resting()
    writeFileSync(path, '1\n')
    await following.until(() => following.text === '1\n')
    await following.resting()
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'other\n')
    await following.until(() => following.text === 'other\n')
    expect(following.resets).toHaveLength(2)
  })

  test('a log that is not there yet is waited for, and that is no trouble', async () => {
    const path = temporaryLog()
    let tries = 0
    const following = new Following(path, {
      open: (name) => {
        tries += 1
        if (tries === 3) writeFileSync(path, 'here\n')
        return nodeFiles.open(name)
      },
    })
    await following.until(() => following.text === 'here\n')
    expect(following.items).toEqual([])
  })
})
