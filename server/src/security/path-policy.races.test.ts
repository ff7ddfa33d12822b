import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FileAccess, systemFiles } from './file-access.ts'
import { createPathFixture, type PathFixture, refusal } from './path-policy.fixture.ts'
import type { PathPolicy } from './path-policy.ts'

const isLinux = process.platform === 'linux'

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
    expect(refusal(await raced.openArtifact(path))).toMatchObject({
      code: 'bad-request',
      message: expect.stringMatching(/named pipe/),
    })
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
