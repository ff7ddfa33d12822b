import { spawnSync } from 'node:child_process'
import fs, { appendFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { Tail } from 'tail'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createFileBell, type FileBell } from './file-bell.ts'
import { temporaryLog } from './following.fixture.ts'

/** A bell on an empty file, and a way to wait for its next ring. */
function watchedLog(): { path: string; bell: FileBell; rung(change: () => void): Promise<void> } {
  const path = temporaryLog()
  writeFileSync(path, '')
  let ring = () => {}
  const bell = createFileBell(path, () => ring())
  onTestFinished(() => bell.close())
  const rung = (change: () => void) =>
    new Promise<void>((resolve) => {
      ring = resolve
      change()
    })
  return { path, bell, rung }
}

test('it rings when something is appended, and when the file is truncated', async () => {
  const { path, bell, rung } = watchedLog()
  await rung(() => appendFileSync(path, 'one\n'))
  await rung(() => writeFileSync(path, ''))
  expect(bell.watching).toBe(true)
})

test('it rings when the file is renamed, and goes along with it', async () => {
  const { path, bell, rung } = watchedLog()
  await rung(() => renameSync(path, `${path}.1`))
  await rung(() => appendFileSync(`${path}.1`, 'one\n'))
  expect(bell.watching).toBe(true)
})

test('it rings when the file is deleted', async () => {
  const { path, rung } = watchedLog()
  await rung(() => unlinkSync(path))
})

test('it is what npm tail calls, which reads nothing by itself', async () => {
  const createReadStream = vi.spyOn(fs, 'createReadStream')
  onTestFinished(() => createReadStream.mockRestore())
  const tailed = temporaryLog()
  writeFileSync(tailed, '')
  const tail = new Tail(tailed)
  onTestFinished(() => tail.unwatch())
  const line = new Promise((resolve) => tail.on('line', resolve))
  appendFileSync(tailed, 'one\n')
  expect(await line).toBe('one')
  // So the spy sees what `tail` opens by itself …
  expect(createReadStream).toHaveBeenCalledTimes(1)

  const { path, rung } = watchedLog()
  await rung(() => appendFileSync(path, 'one\n'))
  await rung(() => appendFileSync(path, 'two\n'))
  // … and the bell opens nothing.
  expect(createReadStream).toHaveBeenCalledTimes(1)
})

test('it does not watch, and does not throw, where there is no file', () => {
  const bell = createFileBell(temporaryLog(), () => {})
  expect(bell.watching).toBe(false)
  bell.close()
})

test('it does not watch, and does not throw, when the system refuses', () => {
  const path = temporaryLog()
  writeFileSync(path, '')
  const watch = vi.spyOn(fs, 'watch').mockImplementation(() => {
    throw Object.assign(new Error('ENOSPC: System limit for number of file watchers reached'), { code: 'ENOSPC' })
  })
  onTestFinished(() => watch.mockRestore())
  expect(createFileBell(path, () => {}).watching).toBe(false)
})

/** Limits of a user namespace can be lowered without touching anybody else's. */
const hasNamespaces = spawnSync('unshare', ['-Ur', 'true']).status === 0
if (!hasNamespaces) console.log('SKIPPED: real exhaustion of watches (no user namespaces here)')

test.runIf(hasNamespaces).each(['max_inotify_watches', 'max_inotify_instances'])(
  'a log is followed all the same when %s is used up',
  (limit) => {
    const path = temporaryLog()
    writeFileSync(path, 'one\n')
    const script = `echo 0 > /proc/sys/user/${limit} && exec "$0" --input-type=module -e "$1" "$2"`
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['-Ur', 'sh', '-c', script, process.execPath, FOLLOW_TWO_LINES, path],
      { encoding: 'utf8' },
    )
    expect({ stdout, stderr }).toEqual({ stdout: 'watching: false\none\ntwo\n', stderr: '' })
  },
)

/** Follows a log with one line, appends another when it is told the first, and prints both. */
const FOLLOW_TWO_LINES = `
  import { appendFileSync } from 'node:fs'
  const { followFile } = await import('${new URL('./follow-file.ts', import.meta.url)}')
  const { nodeFiles } = await import('${new URL('./node-files.ts', import.meta.url)}')
  const path = process.argv[1]
  const bell = (...args) => {
    const made = nodeFiles.bell(...args)
    console.log('watching: ' + made.watching)
    return made
  }
  // Asked right before the follower goes to rest.
  let appended = false
  const identify = async (...args) => {
    if (!appended) setImmediate(() => appendFileSync(path, 'two\\n'))
    appended = true
    return await nodeFiles.identify(...args)
  }
  const { signal } = new AbortController()
  const deps = { ...nodeFiles, bell, identify }
  for await (const item of followFile({ path, offset: 0, signal, writerDone: signal }, deps)) {
    process.stdout.write(item.bytes ?? item.type)
    if (item.offset > 0) break
  }
`

test('it rings and watches no longer when the watch breaks down', async () => {
  const path = temporaryLog()
  writeFileSync(path, '')
  const watch = vi.spyOn(fs, 'watch')
  onTestFinished(() => watch.mockRestore())
  let rings = 0
  const bell = createFileBell(path, () => {
    rings += 1
  })
  onTestFinished(() => bell.close())
  const [watcher] = watch.mock.results.map(({ value }) => value)
  watcher?.emit('error', new Error('EPERM'))
  expect({ rings, watching: bell.watching }).toEqual({ rings: 1, watching: false })
})
