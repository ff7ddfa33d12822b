import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FileList, MAX_DIRECTORY_ENTRIES } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { systemFiles } from '../security/file-access.ts'
import { createPathPolicy } from '../security/path-policy.ts'
import { createFileBrowser, type FileBrowser } from './file-browser.ts'

type Place = AsyncDisposable & {
  readonly root: string
  readonly browser: FileBrowser
  list(path?: string): Promise<FileList>
}

/** A root with some files, and things beside it that may not be seen. */
async function createPlace(): Promise<Place> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'tailgate-browse-')))
  const root = join(base, 'root')
  for (const directory of ['root/wage', 'root/data', 'root/.git', 'outside']) {
    await mkdir(join(base, directory), { recursive: true })
  }
  for (const file of [
    'root/b.do',
    'root/a10.do',
    'root/a9.do',
    'root/notes.txt',
    'root/.secret',
    'root/.secret.txt',
    'root/wage/main.DO',
    'outside/x.do',
  ]) {
    await writeFile(join(base, file), 'display 1\n')
  }
  await symlink(join(base, 'outside/x.do'), join(root, 'leads-out.do'))
  await symlink(join(base, 'outside'), join(root, 'leads-out'))
  await symlink('b.do', join(root, 'leads-in.do'))
  await symlink('notes.txt', join(root, 'notes.do'))
  await symlink('nowhere', join(root, 'leads-nowhere'))
  const browser = createFileBrowser(
    createPathPolicy({ roots: [root, join(base, 'gone')], reserved: [join(root, 'data')], files: systemFiles }),
  )
  return {
    root,
    browser,
    list: async (path) => {
      const listed = await browser.list(path)
      if (!listed.ok) throw listed.error
      return listed.value
    },
    [Symbol.asyncDispose]: () => rm(base, { recursive: true }),
  }
}

test('without a path there are the roots that can be reached, by their paths', async () => {
  await using place = await createPlace()
  const list = await place.list()
  expect(list).toMatchObject({ path: null, parent: null, truncated: false })
  expect(list.entries).toMatchObject([{ name: place.root, path: place.root, kind: 'directory', bytes: null }])
})

test('a directory shows directories first, then files in natural order, and says what they are', async () => {
  await using place = await createPlace()
  const list = await place.list(place.root)
  expect(list.path).toBe(place.root)
  expect(list.entries.map(({ name, kind }) => [name, kind])).toEqual([
    ['wage', 'directory'],
    ['a9.do', 'do-file'],
    ['a10.do', 'do-file'],
    ['b.do', 'do-file'],
    ['leads-in.do', 'do-file'],
    ['notes.do', 'do-file'],
    ['notes.txt', 'file'],
  ])
  expect(list.entries.find(({ name }) => name === 'b.do')).toMatchObject({ path: join(place.root, 'b.do'), bytes: 10 })
})

test('what leads out of the roots, belongs to the gateway or is hidden is not shown', async () => {
  await using place = await createPlace()
  const names = (await place.list(place.root)).entries.map(({ name }) => name)
  for (const name of ['leads-out.do', 'leads-out', 'leads-nowhere', 'data', '.git', '.secret']) {
    expect(names).not.toContain(name)
  }
})

test('one can go up as far as the root', async () => {
  await using place = await createPlace()
  expect((await place.list(join(place.root, 'wage'))).parent).toBe(place.root)
  expect((await place.list(place.root)).parent).toBe(null)
})

test.each([
  ['outside of the roots', '../outside', 'forbidden'],
  ['through a link that leads out', 'leads-out', 'forbidden'],
  ["the gateway's own directory", 'data', 'forbidden'],
  ['nowhere', 'missing', 'not-found'],
  ['a file', 'b.do', 'bad-request'],
])('looking at %s is refused', async (_what, path, code) => {
  await using place = await createPlace()
  const listed = await place.browser.list(join(place.root, path))
  expect(listed).toMatchObject({ ok: false, error: { code, details: { parameter: 'path' } } })
})

test('of a very full directory some entries are given, and it says so', async () => {
  await using place = await createPlace()
  const names = Array.from({ length: MAX_DIRECTORY_ENTRIES + 1 }, (_, i) => `f${i}.do`)
  await Promise.all(names.map((name) => writeFile(join(place.root, 'wage', name), '')))
  const list = await place.list(join(place.root, 'wage'))
  expect(list.entries).toHaveLength(MAX_DIRECTORY_ENTRIES)
  expect(list.truncated).toBe(true)
})

test('a do-file is read as Stata would find it', async () => {
  await using place = await createPlace()
  expect(await place.browser.read(join(place.root, 'b'))).toMatchObject({
    ok: true,
    value: { path: join(place.root, 'b.do'), text: 'display 1\n', bytes: 10, truncated: false },
  })
})

test.each([
  ['outside of the roots', '../outside/x.do', 'forbidden'],
  ['through a link that leads out', 'leads-out.do', 'forbidden'],
  ['that is not there', 'missing.do', 'not-found'],
  ['that is a directory', 'wage/', 'bad-request'],
  ['that is no do-file', 'notes.txt', 'bad-request'],
  ['that is somebody’s secret', '.secret.txt', 'bad-request'],
  ['that is a link to what is no do-file', 'notes.do', 'bad-request'],
])('a do-file %s is not read', async (_what, path, code) => {
  await using place = await createPlace()
  expect(await place.browser.read(`${place.root}/${path}`)).toMatchObject({ ok: false, error: { code } })
})
