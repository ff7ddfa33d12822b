import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inspectPath, listDirectory } from './node-engine-files.ts'

describe.skipIf(process.platform === 'win32')('a real directory', () => {
  let directory = ''
  const at = (name: string) => path.join(directory, name)

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'engine-files-'))
    await mkdir(at('stata19'))
    await writeFile(at('stata-mp'), '#!/bin/sh\n')
    await chmod(at('stata-mp'), 0o755)
    await symlink('stata-mp', at('link'))
    await symlink('nowhere', at('dangling'))
    await writeFile(at('text'), '')
    await chmod(at('text'), 0o644)
  })
  afterAll(() => rm(directory, { recursive: true }))

  test.each([
    ['stata19', 'directory'],
    ['stata-mp', 'executable'],
    ['link', 'executable'],
    ['dangling', 'missing'],
    ['text', 'not-executable'],
    ['gone', 'missing'],
    ['text/below', 'missing'],
  ])('%s is %s', async (name, kind) => {
    expect(await inspectPath(at(name))).toBe(kind)
  })

  test('is listed in order, and one that is not there is empty', async () => {
    expect(await listDirectory(directory)).toEqual(['dangling', 'link', 'stata-mp', 'stata19', 'text'])
    expect(await listDirectory(at('gone'))).toEqual([])
  })
})
