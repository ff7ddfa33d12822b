import { mkdirSync, statSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LineKind } from '@tailgate/shared'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { openFiles, temporaryRunDir } from './feed.fixture.ts'
import { kindCode, LineKinds, type LineMark } from './line-kinds.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
console.log(`line-kinds.test.ts: fast-check seed ${seed}`)

function newKinds(): { path: string; kinds: LineKinds } {
  const path = join(temporaryRunDir(), 'run.kinds')
  return { path, kinds: opened(path) }
}

function opened(path: string, lines?: number): LineKinds {
  const kinds = new LineKinds(path, lines)
  onTestFinished(() => kinds.close())
  return kinds
}

const kind = fc.constantFrom<LineKind[]>('output', 'command', 'continuation', 'error')

type Step =
  | { readonly do: 'add'; readonly mark: LineMark; readonly times: number }
  | { readonly do: 'revise'; readonly pick: number; readonly kind: LineKind }
  | { readonly do: 'flush' | 'clear' | 'reopen' }
  | { readonly do: 'read'; readonly from: number; readonly count: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('add'),
    mark: fc.record({ kind, cut: fc.boolean() }),
    times: fc.constantFrom(1, 7, 900),
  }),
  fc.record({ do: fc.constant('revise'), pick: fc.nat(), kind }),
  fc.record({ do: fc.constantFrom('flush', 'flush', 'clear', 'reopen') }),
  fc.record({ do: fc.constant('read'), from: fc.integer({ min: 1, max: 3_000 }), count: fc.nat(3_000) }),
)

test('marks are read as they were added and revised, whatever is under way meanwhile', async () => {
  const property = fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
    const { path, kinds: first } = newKinds()
    let kinds = first
    let known: LineMark[] = []
    const underWay: Promise<unknown>[] = []
    for (const step of steps) {
      switch (step.do) {
        case 'add':
          for (let i = 0; i < step.times; i++) {
            kinds.add(step.mark.kind, step.mark.cut)
            known.push(step.mark)
          }
          break
        case 'revise': {
          const at = step.pick % Math.max(known.length, 1)
          const mark = known[at]
          if (mark === undefined) break
          known[at] = { ...mark, kind: step.kind }
          underWay.push(kinds.revise(at + 1, step.kind))
          break
        }
        case 'flush':
          underWay.push(kinds.flush())
          break
        case 'clear':
          await kinds.clear()
          known = []
          break
        case 'read': {
          const { from, count } = step
          const expected = known.slice(from - 1, from - 1 + count)
          underWay.push(kinds.read(from, count).then((marks) => expect(marks).toEqual(expected)))
          // What is changed after that is not part of it.
          await underWay.at(-1)
          break
        }
        case 'reopen':
          await kinds.flush()
          await kinds.close()
          kinds = opened(path, known.length)
          break
      }
      expect(kinds.count).toBe(known.length)
    }
    await Promise.all(underWay)
    expect(await kinds.read(1, known.length + 1)).toEqual(known)
    await kinds.close()
  })
  await fc.assert(property, { seed, numRuns: 60 })
})

test('lines that come while earlier ones are written out are neither lost nor twice', async () => {
  const { kinds } = newKinds()
  for (let i = 0; i < 1_000; i++) {
    kinds.add(i % 3 === 0 ? 'command' : 'output', false)
    if (i % 10 === 0) void kinds.flush()
  }
  const bytes = await kinds.readBytes(1, 2_000)
  expect([...bytes]).toEqual(Array.from({ length: 1_000 }, (_, i) => kindCode(i % 3 === 0 ? 'command' : 'output')))
})

test('a line that is revised stays cut, in memory and on disk', async () => {
  const { kinds } = newKinds()
  kinds.add('output', true)
  await kinds.revise(1, 'command')
  await kinds.flush()
  await kinds.revise(1, 'error')
  expect(await kinds.read(1, 1)).toEqual([{ kind: 'error', cut: true }])
})

test('it takes up an existing file at the line it is told, and what came after is written anew', async () => {
  const { path, kinds } = newKinds()
  for (const kind of ['command', 'error', 'error'] as const) kinds.add(kind, false)
  await kinds.flush()
  await kinds.close()
  const again = opened(path, 2)
  expect(await again.read(1, 9)).toHaveLength(2)
  again.add('continuation', false)
  expect((await again.read(1, 9)).map(({ kind }) => kind)).toEqual(['command', 'error', 'continuation'])
})

test('it begins anew for a log that is read from its beginning', async () => {
  const { path, kinds } = newKinds()
  kinds.add('error', false)
  await kinds.flush()
  await kinds.close()
  const again = opened(path, 0)
  await again.flush()
  expect(statSync(path).size).toBe(0)
})

test('it is full after 65,536 lines, and takes more once they are written out', async () => {
  const { kinds } = newKinds()
  while (!kinds.full) kinds.add('output', false)
  expect(kinds.count).toBe(65_536)
  expect(() => kinds.add('output', false)).toThrow('Internal error')
  await kinds.makeRoom()
  kinds.add('error', false)
  expect(await kinds.read(65_536, 5)).toEqual([
    { kind: 'output', cut: false },
    { kind: 'error', cut: false },
  ])
})

test('on a disk that takes nothing it goes on in memory, and catches up once it can', async () => {
  const path = join(temporaryRunDir(), 'not-there-yet', 'run.kinds')
  const kinds = opened(path)
  const added = Array.from({ length: 200_000 }, (_, i): LineKind => (i % 7 === 0 ? 'command' : 'output'))
  for (const kind of added) {
    if (kinds.full) await kinds.makeRoom()
    kinds.add(kind, false)
  }
  await expect(kinds.flush()).rejects.toThrow('ENOENT')
  await kinds.revise(70_000, 'error')
  expect((await kinds.read(69_998, 3)).map(({ kind }) => kind)).toEqual(['output', 'output', 'error'])
  mkdirSync(dirname(path))
  await kinds.flush()
  expect(statSync(path).size).toBe(added.length)
  expect((await kinds.read(150_000, 100)).map(({ kind }) => kind)).toEqual(added.slice(149_999, 150_099))
})

test('lines whose kinds cannot be read are plain output', async () => {
  const { path, kinds } = newKinds()
  kinds.add('error', false)
  await kinds.flush()
  await kinds.close()
  unlinkSync(path)
  expect(await opened(path, 1).read(1, 1)).toEqual([{ kind: 'output', cut: false }])
})

test('a page past the end is empty', async () => {
  const { kinds } = newKinds()
  kinds.add('output', false)
  expect(await kinds.read(2, 10)).toEqual([])
  expect(await kinds.read(100, 10)).toEqual([])
})

test.runIf(process.platform === 'linux')('who reads on after the close leaves no file open', async () => {
  const { path, kinds } = newKinds()
  kinds.add('command', false)
  await kinds.flush()
  await kinds.close()
  expect((await kinds.read(1, 1)).map(({ kind }) => kind)).toEqual(['command'])
  expect(openFiles(dirname(path))).toBe(0)
})
