import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Result, TailgateError } from '@tailgate/shared'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTokenFile, type TokenFile } from './token-file.ts'
import { findToken } from './tokens.ts'

const isRoot = process.getuid?.() === 0
if (!isRoot) console.warn('SKIPPED: a token file of another user (only root can make one)')

let directory: string
let path: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailgate-tokens-'))
  path = join(directory, 'state/tokens.json')
})
afterEach(() => rmSync(directory, { recursive: true }))

function open(): TokenFile {
  return createTokenFile({ path, uid: process.getuid?.() ?? null, randomBytes, now: () => 1_000 })
}

function value<T>(result: Result<T, TailgateError>): T {
  if (!result.ok) throw result.error
  return result.value
}

async function names(file: TokenFile): Promise<string[]> {
  return value(await file.read()).tokens.map(({ name }) => name)
}

describe('the first start', () => {
  test('makes a file that only its owner may read, and tells its first token once', async () => {
    const token = value(await open().ensure('admin'))
    expect(findToken(value(await open().read()), token ?? '')).toMatchObject({ name: 'admin', role: 'run' })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(directory, 'state')).mode & 0o077).toBe(0)
    expect(readFileSync(path, 'utf8')).not.toContain(token)
    expect(value(await open().ensure('admin'))).toBeNull()
  })

  test('with a wide umask the file is as closed', async () => {
    const before = process.umask(0)
    try {
      value(await open().ensure('admin'))
    } finally {
      process.umask(before)
    }
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })
})

describe('changes', () => {
  test('by another process count at once', async () => {
    const [gateway, command] = [open(), open()]
    const first = value(await gateway.ensure('admin')) ?? ''
    expect(await names(gateway)).toEqual(['admin'])
    const token = value(await command.add('ada', 'watch'))
    expect(findToken(value(await gateway.read()), token)).toMatchObject({ name: 'ada', role: 'watch' })
    value(await command.revoke('admin'))
    expect(findToken(value(await gateway.read()), first)).toBeNull()
    expect(await names(gateway)).toEqual(['ada'])
  })

  test('keep the session key', async () => {
    const file = open()
    value(await file.ensure('admin'))
    const { sessionKey } = value(await file.read())
    value(await file.add('ada', 'watch'))
    expect(value(await file.read()).sessionKey).toBe(sessionKey)
  })

  test('that were refused leave the file as it was', async () => {
    const file = open()
    value(await file.ensure('admin'))
    const before = readFileSync(path, 'utf8')
    expect(await file.add('admin', 'run')).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(await file.revoke('nobody')).toMatchObject({ ok: false, error: { code: 'not-found' } })
    expect(readFileSync(path, 'utf8')).toBe(before)
    value(await file.add('ada', 'run'))
  })

  test('at the same time never lose one another', async () => {
    value(await open().ensure('admin'))
    const added = await Promise.all(Array.from({ length: 10 }, (_, index) => open().add(`t${index}`, 'run')))
    const told = added.flatMap((result, index) => (result.ok ? [`t${index}`] : []))
    expect(told.length).toBeGreaterThan(0)
    expect((await names(open())).toSorted()).toEqual(['admin', ...told].toSorted())
    for (const result of added) {
      if (!result.ok) expect(result.error.message).toMatch(/being changed by another command; if none runs, delete/)
    }
  })
})

describe('a file that cannot be trusted is not used', () => {
  beforeEach(async () => {
    value(await open().ensure('admin'))
  })

  test.each([0o640, 0o604, 0o620, 0o602, 0o666])('because its mode is %o', async (mode) => {
    chmodSync(path, mode)
    const result = await open().read()
    expect(result).toMatchObject({ ok: false, error: { code: 'unavailable' } })
    expect(result.ok ? '' : result.error.message).toContain(`chmod 600 ${path}`)
    expect((await open().add('ada', 'run')).ok).toBe(false)
    expect((await open().ensure('admin')).ok).toBe(false)
  })

  test('not even when it was in use before', async () => {
    const file = open()
    expect(await names(file)).toEqual(['admin'])
    chmodSync(path, 0o644)
    expect((await file.read()).ok).toBe(false)
    chmodSync(path, 0o600)
    expect(await names(file)).toEqual(['admin'])
    rmSync(path)
    expect((await file.read()).ok).toBe(false)
  })

  test.runIf(isRoot)('because it is of another user', async () => {
    chownSync(path, 54_321, 54_321)
    const result = await open().read()
    expect(result.ok ? '' : result.error.message).toMatch(/belongs to uid 54321/)
  })

  test('because it is a symlink', async () => {
    const real = path
    path = join(directory, 'link.json')
    symlinkSync(real, path)
    expect((await open().read()).ok).toBe(false)
  })

  test.each([
    ['is empty', ''],
    ['is cut off', '{"version": 1, "tok'],
    ['is of another version', '{"version": 2, "sessionKey": "", "tokens": []}'],
    ['has an unknown field', `{"version":1,"sessionKey":"${'A'.repeat(43)}","tokens":[],"admin":true}`],
    ['is huge', ' '.repeat(2 * 1024 * 1024)],
  ])('because it %s', async (_, text) => {
    writeFileSync(path, text)
    expect(await open().read()).toMatchObject({ ok: false, error: { code: 'unavailable' } })
  })
})

test('where nothing can be written, the reason is told', async () => {
  writeFileSync(join(directory, 'file'), '')
  path = join(directory, 'file/tokens.json')
  const result = await open().ensure('admin')
  expect(result.ok ? '' : result.error.message).toMatch(/cannot be (written|read) \(ENOTDIR\)/)
})
