import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Result } from '@tailgate/shared'
import { TailgateError } from '@tailgate/shared'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FileAccess, systemFiles } from './file-access.ts'
import { hostilePaths } from './path-policy.corpus.ts'
import { createPathPolicy, type PathPolicy } from './path-policy.ts'
import { quoted } from './printable.ts'

const isRoot = process.getuid?.() === 0
const isLinux = process.platform === 'linux'

let base: string
let root: string
let socket: Server

beforeAll(async () => {
  base = execFileSync('realpath', [mkdtempSync(join(tmpdir(), 'tailgate-paths-'))], { encoding: 'utf8' }).trim()
  root = join(base, 'root')
  for (const directory of ['root/sub/deep', 'root/dir.do', 'root/reserved', 'root-evil', 'ROOT', 'outside/dir']) {
    mkdirSync(join(base, directory), { recursive: true })
  }
  for (const file of [
    'root/main.do',
    'root/noext',
    'root/sub/deep/ok.do',
    'root/caf\u00e9.do',
    'root/reserved/tokens.json',
    'root-evil/secret.do',
    'ROOT/secret.do',
    'outside/secret.do',
    'outside/dir/secret.do',
  ]) {
    writeFileSync(join(base, file), 'display 1\n')
  }
  const links: Record<string, string> = {
    'link-in.do': 'main.do',
    'link-noext.do': 'noext',
    'link-out.do': '../outside/secret.do',
    'link-out-missing.do': '../outside/none.do',
    'link-in-missing.do': 'none.do',
    'link-dir-out': '../outside',
    'link-dir-in': 'sub/deep',
    'link-etc': '/etc',
    'link-proc': '/proc/self',
    'link-parent': '..',
    'link-chain.do': 'link-chain-2.do',
    'link-chain-2.do': 'link-dir-out/secret.do',
    'loop-a.do': 'loop-b.do',
    'loop-b.do': 'loop-a.do',
    'dev-null.do': '/dev/null',
    'dev-zero.do': '/dev/zero',
    'dev-tty.do': '/dev/tty',
    'stdin.do': '/dev/stdin',
    'environ.do': '/proc/self/environ',
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(root, name))
  execFileSync('mkfifo', [join(root, 'fifo.do')])
  if (isRoot) execFileSync('mknod', [join(root, 'null.do'), 'c', '1', '3'])
  socket = createServer().listen(join(root, 'socket.do'))
  await once(socket, 'listening')
})

afterAll(async () => {
  socket.close()
  await once(socket, 'close')
  rmSync(base, { recursive: true })
})

function policy(files: FileAccess = systemFiles, roots: readonly [string, ...string[]] = [root]): PathPolicy {
  return createPathPolicy({ roots, reserved: [join(root, 'reserved')], files })
}

/** The error of a refusal; a path that was let in fails the test. */
function refusal(result: Result<unknown, TailgateError>): TailgateError {
  if (result.ok) throw new Error(`let in: ${JSON.stringify(result.value)}`)
  expect(result.error).toBeInstanceOf(TailgateError)
  return result.error
}

function pathOf(result: Result<{ readonly path: string }, TailgateError>): string {
  if (!result.ok) throw result.error
  return result.value.path
}

describe('what is let in', () => {
  test.each([
    ['an absolute path', () => `${root}/main.do`, 'main.do'],
    ['a relative path, from the first root', () => 'sub/deep/ok.do', 'sub/deep/ok.do'],
    ['a path without extension, with .do added as Stata does', () => 'main', 'main.do'],
    ['.. that stays under the root', () => 'sub/../main.do', 'main.do'],
    ['a symlink to a file under the root', () => 'link-in.do', 'main.do'],
    ['a file under a linked directory', () => 'link-dir-in/ok.do', 'sub/deep/ok.do'],
    ['.. after a symlink, as the kernel takes it', () => 'link-dir-in/../deep/ok.do', 'sub/deep/ok.do'],
    ['doubled slashes and dots', () => `${root}//.//sub/./deep//ok.do`, 'sub/deep/ok.do'],
    ['a composed accent', () => 'caf\u00e9.do', 'caf\u00e9.do'],
    ['a way out and in again', () => `${root}/../root/main.do`, 'main.do'],
  ])('%s', async (_, requested, expected) => {
    expect(pathOf(await policy().resolveDoFile(requested()))).toBe(join(root, expected))
  })

  test('a working directory is given by its real path', async () => {
    expect(pathOf(await policy().resolveWorkingDir('link-dir-in'))).toBe(join(root, 'sub/deep'))
    expect(pathOf(await policy().resolveWorkingDir(root))).toBe(root)
  })

  test('an artifact comes open, with its size and time', async () => {
    const opened = await policy().openArtifact(`${root}/link-in.do`)
    if (!opened.ok) throw opened.error
    await using handle = opened.value.handle
    expect(opened.value).toMatchObject({ path: join(root, 'main.do'), bytes: 10 })
    expect(opened.value.modifiedAt.getTime()).toBeGreaterThan(0)
    expect(await handle.readFile('utf8')).toBe('display 1\n')
  })

  test('a root that is a symlink means the place it leads to, at each request', async () => {
    const link = join(base, 'current')
    symlinkSync('root', link)
    const linked = policy(systemFiles, [link])
    expect(pathOf(await linked.resolveDoFile('main.do'))).toBe(join(root, 'main.do'))
    expect(pathOf(await linked.resolveDoFile(`${link}/main.do`))).toBe(join(root, 'main.do'))
    expect(pathOf(await linked.resolveDoFile(`${root}/main.do`))).toBe(join(root, 'main.do'))
    unlinkSync(link)
    symlinkSync('outside', link)
    expect(pathOf(await linked.resolveDoFile('secret.do'))).toBe(join(base, 'outside/secret.do'))
    expect(refusal(await linked.resolveDoFile(`${root}/main.do`)).code).toBe('forbidden')
    unlinkSync(link)
  })

  test('the root / admits files, but not those of the kernel', async () => {
    const wide = policy(systemFiles, ['/'])
    expect(pathOf(await wide.resolveDoFile(`${base}/outside/secret.do`))).toBe(join(base, 'outside/secret.do'))
    expect(refusal(await wide.openArtifact('/proc/self/environ')).code).toBe('forbidden')
    expect(refusal(await wide.openArtifact('/dev/null')).code).toBe('forbidden')
    expect(refusal(await wide.resolveWorkingDir('/proc/self')).code).toBe('forbidden')
  })
})

describe('what is refused, and how', () => {
  test.each([
    ['an empty path', '', 'bad-request', /is empty/],
    ['a NUL', 'main.do\0.txt', 'bad-request', /control character/],
    ['a line end', 'main.do\nX', 'bad-request', /control character/],
    ['an escape sequence', 'main\u001b[2J.do', 'bad-request', /control character/],
    ['a line separator', 'main\u2028.do', 'bad-request', /control character/],
    ['half a surrogate pair', 'main\ud800.do', 'bad-request', /well-formed/],
    ['bytes that are not UTF-8', 'main\ufffd.do', 'bad-request', /U\+FFFD/],
    ['a long path', `${'a/'.repeat(2048)}x.do`, 'bad-request', /longer than 4096/],
    ['a deep path', `${'a/'.repeat(300)}x.do`, 'bad-request', /deeper than 255/],
    ['a long name', `${'a'.repeat(300)}.do`, 'bad-request', /too long/],
    ['a directory', 'dir.do', 'bad-request', /is a directory, not a regular file/],
    ['a named pipe', 'fifo.do', 'bad-request', /is a named pipe/],
    ['a socket', 'socket.do', 'bad-request', /is a socket/],
    ['a missing file', 'none.do', 'not-found', /does not exist.*spelling/],
    ['a missing directory', 'none/main.do', 'not-found', /does not exist/],
    ['a file taken for a directory', 'main.do/x.do', 'not-found', /does not exist/],
    ['a file with a slash behind it', 'main.do/', 'not-found', /does not exist/],
    ['a home directory', '~/main.do', 'not-found', /not expanded/],
    ['a URL', 'file:///etc/passwd.do', 'not-found', /not a URL/],
    ['a decomposed accent', 'cafe\u0301.do', 'not-found', /NFC/],
    ['another case', 'MAIN.DO', 'not-found', /upper and lower case/],
    ['a link that leads out', 'link-out.do', 'forbidden', /not under an allowed root/],
    ['a link that leads out to nothing', 'link-out-missing.do', 'forbidden', /not under an allowed root/],
    ['a link that leads to nothing inside', 'link-in-missing.do', 'forbidden', /not under an allowed root/],
    ['links in a circle', 'loop-a.do', 'forbidden', /not under an allowed root/],
    ["a process's memory and secrets", 'environ.do', 'forbidden', /not under an allowed root/],
    ['the terminal', 'dev-tty.do', 'forbidden', /not under an allowed root/],
    ['a link to a file that Stata would not open', 'link-noext.do', 'bad-request', /Stata would run another one/],
    ['what belongs to the gateway', 'reserved/tokens.json', 'forbidden', /not under an allowed root/],
  ])('%s', async (_, requested, code, message) => {
    const error = refusal(await policy().resolveDoFile(requested))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(error.details).toEqual({ parameter: 'file' })
  })

  test.runIf(isRoot)('a device inside the root', async () => {
    expect(refusal(await policy().openArtifact('null.do'))).toMatchObject({ code: 'bad-request', message: /a device/ })
  })
  if (!isRoot) console.warn('SKIPPED: a device inside the root (only root can make one)')

  test('a file as working directory', async () => {
    const error = refusal(await policy().resolveWorkingDir('main.do'))
    expect(error).toMatchObject({ code: 'bad-request', details: { parameter: 'workingDir' } })
    expect(error.message).toMatch(/is a file, not a directory/)
  })

  test('an unreadable file names the reason, outside a root nothing is named', async () => {
    const denied = Object.assign(new Error('denied'), { code: 'EACCES' })
    const unreadable = policy({ ...systemFiles, openFile: () => Promise.reject(denied) })
    expect(refusal(await unreadable.resolveDoFile('main.do'))).toMatchObject({
      code: 'forbidden',
      message: expect.stringMatching(/may not be read by the user that runs the gateway/),
    })
    const unsearchable = policy({ ...systemFiles, checkSearchable: () => Promise.reject(denied) })
    expect(refusal(await unsearchable.resolveWorkingDir('sub')).code).toBe('forbidden')
    const failing = policy({
      ...systemFiles,
      openFile: () => Promise.reject(Object.assign(new Error('I/O'), { code: 'EIO' })),
    })
    expect(refusal(await failing.resolveDoFile('main.do')).code).toBe('unavailable')
  })

  test('roots that vanished make it unavailable, not absent', async () => {
    const gone = policy(systemFiles, [join(base, 'unmounted')])
    expect(refusal(await gone.resolveDoFile('main.do'))).toMatchObject({ code: 'unavailable', message: /mounted/ })
    expect(refusal(await gone.resolveDoFile('/etc/passwd.do')).code).toBe('unavailable')
  })

  test('a message shows no control, bidirectional or endless text', async () => {
    const error = refusal(await policy().resolveDoFile(`/\u202eevil\u009b2J${'x'.repeat(1000)}`))
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(error.message.length).toBeLessThan(700)
  })
})

describe('the corpus of hostile paths', () => {
  test('holds at least 200 forms', () => {
    const forms = hostilePaths(root, 'secret.do')
    expect(new Set(forms).size).toBe(forms.length)
    expect(forms.length).toBeGreaterThanOrEqual(200)
  })

  test('none is let in as do-file, directory or artifact', async () => {
    for (const form of hostilePaths(root, 'secret.do')) {
      for (const result of [
        await policy().resolveDoFile(form),
        await policy().openArtifact(form),
        await policy().resolveWorkingDir(form),
      ]) {
        const error = refusal(result)
        expect(['bad-request', 'forbidden', 'not-found']).toContain(error.code)
        // The answer may repeat the request and the roots; what it must not do is tell where something leads.
        expect(error.message.replace(quoted(form), '').replace(quoted(`${form}.do`), '')).not.toMatch(
          /outside\/|\/etc|root-evil/,
        )
      }
    }
  })

  test('outside the roots, what exists and what does not look the same', async () => {
    const present = hostilePaths(root, 'secret.do')
    const absent = hostilePaths(root, 'absent.do')
    for (const [index, form] of present.entries()) {
      const twin = absent[index] ?? ''
      const [one, other] = [refusal(await policy().openArtifact(form)), refusal(await policy().openArtifact(twin))]
      expect({ form, code: other.code, message: other.message.replaceAll('absent.do', 'secret.do') }).toEqual({
        form,
        code: one.code,
        message: one.message,
      })
    }
  })

  test('no mix of components ever leads out of the root', async () => {
    const component = fc.constantFrom(
      ...['..', '.', '', 'sub', 'deep', 'link-dir-in', 'link-dir-out', 'link-parent', 'link-etc', 'link-proc', 'root'],
      ...[
        'main.do',
        'secret.do',
        'passwd',
        'outside',
        'ROOT',
        'root-evil',
        'fd',
        'cwd',
        'none',
        'loop-a.do',
        'environ',
      ],
    )
    const seed = Date.now()
    console.log(`seed ${seed}`)
    await fc.assert(
      fc.asyncProperty(fc.array(component, { maxLength: 10 }), fc.boolean(), async (parts, absolute) => {
        const form = `${absolute ? `${root}/` : ''}${parts.join('/')}`
        const directory = await policy().resolveWorkingDir(form)
        if (directory.ok) expect(`${directory.value.path}/`).toMatch(new RegExp(`^${root}/`))
        const file = await policy().openArtifact(form)
        if (file.ok) {
          await file.value.handle.close()
          expect(file.value.path).toMatch(new RegExp(`^${root}/`))
        }
      }),
      { seed, numRuns: 500 },
    )
  })
})

describe('races between check and use', () => {
  let arena: string
  beforeEach(() => {
    arena = mkdtempSync(join(root, 'arena-'))
    mkdirSync(join(arena, 'results'))
    writeFileSync(join(arena, 'results/secret.do'), 'mine\n')
  })
  afterEach(() => rmSync(arena, { recursive: true }))

  /** Does something, once, just before the file is opened. */
  function beforeOpening(change: () => void, files: FileAccess = systemFiles): PathPolicy {
    let done = false
    return policy({
      ...files,
      openFile: (path) => {
        if (!done) change()
        done = true
        return files.openFile(path)
      },
    })
  }

  const swapDirectory = () => {
    renameSync(join(arena, 'results'), join(arena, 'old'))
    symlinkSync(join(base, 'outside'), join(arena, 'results'))
  }
  const swapFile = () => {
    unlinkSync(join(arena, 'results/secret.do'))
    symlinkSync(join(base, 'outside/secret.do'), join(arena, 'results/secret.do'))
  }
  const withoutProc: FileAccess = { ...systemFiles, openedPath: () => Promise.resolve(null) }

  test.runIf(isLinux)('a directory swapped for a symlink is seen by where the open file lies', async () => {
    const error = refusal(await beforeOpening(swapDirectory).openArtifact(join(arena, 'results/secret.do')))
    expect(error.code).toBe('forbidden')
  })

  test('a directory swapped for a symlink is seen without the help of /proc', async () => {
    const raced = beforeOpening(swapDirectory, withoutProc)
    expect(refusal(await raced.openArtifact(join(arena, 'results/secret.do'))).code).toBe('forbidden')
  })

  test.each([
    ['with /proc', systemFiles],
    ['without /proc', withoutProc],
  ])('a file swapped for a symlink is not followed, %s', async (_, files) => {
    const raced = beforeOpening(swapFile, files)
    expect(refusal(await raced.openArtifact(join(arena, 'results/secret.do'))).code).toBe('not-found')
  })

  test('a file swapped for a named pipe does not block', async () => {
    const path = join(arena, 'results/secret.do')
    const raced = beforeOpening(() => {
      unlinkSync(path)
      execFileSync('mkfifo', [path])
    })
    expect(refusal(await raced.openArtifact(path))).toMatchObject({ code: 'bad-request', message: /named pipe/ })
  })

  test('a file replaced by a newer one is served as the newer one', async () => {
    const path = join(arena, 'results/secret.do')
    const raced = policy({
      ...systemFiles,
      openFile: async (at) => {
        const handle = await systemFiles.openFile(at)
        if ((await handle.readFile('utf8')) === 'mine\n') {
          writeFileSync(`${path}.new`, 'newer\n')
          renameSync(`${path}.new`, path)
        }
        return handle
      },
    })
    const opened = await raced.openArtifact(path)
    if (!opened.ok) throw opened.error
    await using _handle = opened.value.handle
    expect(opened.value.bytes).toBe(6)
  })

  test('a file that never stands still is given up', async () => {
    const restless = policy({
      ...systemFiles,
      openFile: () => Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT' })),
    })
    expect(refusal(await restless.openArtifact('main.do'))).toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/changed while it was being opened: try again/),
    })
  })

  test('a symlink flipped all the time never lets a foreign byte out', async () => {
    const flipper = `
      const fs = require('node:fs'), path = require('node:path')
      const [arena, base] = process.argv.slice(1), at = path.join(arena, 'flip')
      process.stdout.write('flipping')
      for (;;) for (const target of [path.join(arena, 'results'), path.join(base, 'outside')]) {
        fs.symlinkSync(target, at + '.new'); fs.renameSync(at + '.new', at)
      }`
    const child = spawn(process.execPath, ['-e', flipper, arena, base], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      const seen = { served: 0, refused: 0 }
      for (let round = 0; round < 2_000; round += 1) {
        const opened = await policy().openArtifact(join(arena, 'flip/secret.do'))
        if (opened.ok) {
          seen.served += 1
          await using handle = opened.value.handle
          expect(await handle.readFile('utf8')).toBe('mine\n')
        } else {
          seen.refused += 1
        }
      }
      expect(seen.served).toBeGreaterThan(0)
      expect(seen.refused).toBeGreaterThan(0)
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
})

test.runIf(isRoot)('a file of another user without read permission is refused for an ordinary gateway', () => {
  const locked = join(root, 'locked.do')
  writeFileSync(locked, 'secret\n')
  chmodSync(locked, 0o600)
  for (const directory of [base, root]) chmodSync(directory, 0o755)
  const script = `
    import { createPathPolicy } from ${JSON.stringify(fileURLToPath(new URL('./path-policy.ts', import.meta.url)))}
    import { systemFiles } from ${JSON.stringify(fileURLToPath(new URL('./file-access.ts', import.meta.url)))}
    const policy = createPathPolicy({ roots: [${JSON.stringify(root)}], reserved: [], files: systemFiles })
    const result = await policy.resolveDoFile('locked.do')
    console.log(result.ok ? 'let in' : result.error.code)`
  const output = execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
    encoding: 'utf8',
    uid: 65534,
    gid: 65534,
    cwd: '/',
  })
  expect(output.trim()).toBe('forbidden')
})
if (!isRoot) console.warn('SKIPPED: a file of another user (needs root)')
