import { execFileSync } from 'node:child_process'
import { chmodSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemFiles } from './file-access.ts'
import { createPathFixture, isRoot, type PathFixture, pathOf, refusal } from './path-policy.fixture.ts'

let fixture: PathFixture
let base: string
let root: string
const policy: PathFixture['policy'] = (files, roots) => fixture.policy(files, roots)

beforeAll(async () => {
  fixture = await createPathFixture()
  base = fixture.base
  root = fixture.root
})
afterAll(() => fixture.remove())

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
    ['a missing file', 'none.do', 'not-found', /does not exist in ".+", the first root\. .*spelling/],
    ['a file without an extension', 'noext', 'bad-request', /Stata would run "noext\.do", which does not exist/],
    ['a missing directory', 'none/main.do', 'not-found', /does not exist/],
    ['a file taken for a directory', 'main.do/x.do', 'not-found', /does not exist/],
    ['a file with a slash behind it', 'main.do/', 'not-found', /does not exist/],
    ['a home directory', '~/main.do', 'not-found', /not expanded/],
    ['a URL', 'file:///etc/passwd.do', 'not-found', /not a URL/],
    ['a decomposed accent', 'cafe\u0301.do', 'not-found', /NFC/],
    ['another case', 'MAIN.DO', 'not-found', /upper and lower case/],
    ['a link that leads out', 'link-out.do', 'forbidden', /not under an allowed root .+ or is a link to elsewhere/],
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
    expect(refusal(await policy().openArtifact('null.do'))).toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/a device/),
    })
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
    expect(refusal(await gone.resolveDoFile('main.do'))).toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/mounted/),
    })
    expect(refusal(await gone.resolveDoFile('/etc/passwd.do')).code).toBe('unavailable')
  })

  test('a message shows no control, bidirectional or endless text', async () => {
    const error = refusal(await policy().resolveDoFile(`/\u202eevil\u009b2J${'x'.repeat(1000)}`))
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect(error.message.length).toBeLessThan(700)
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
