import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeArtifacts } from './run-artifacts.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tailgate-artifacts-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const path = (name: string) => join(directory, name)
const saved = (name: string, logLine = 1) => ({ path: path(name), kind: 'dataset' as const, logLine })
const MODIFIED = new Date(Date.UTC(2025, 0, 2, 3, 4, 5))

test('an artifact that is there tells its size and when it was changed', async () => {
  writeFileSync(path('wages.dta'), 'four')
  utimesSync(path('wages.dta'), MODIFIED, MODIFIED)
  expect(await describeArtifacts([saved('wages.dta', 7)])).toEqual([
    {
      index: 0,
      path: path('wages.dta'),
      name: 'wages.dta',
      kind: 'dataset',
      bytes: 4,
      modifiedAt: '2025-01-02T03:04:05.000Z',
      logLine: 7,
    },
  ])
})

test('links are followed; what is missing, broken or no file has neither size nor date', async () => {
  writeFileSync(path('file'), 'four')
  mkdirSync(path('directory'))
  symlinkSync('file', path('link'))
  symlinkSync('nowhere', path('broken'))
  const names = ['link', 'broken', 'directory', 'missing', 'file/below', 'nul\0']
  const artifacts = await describeArtifacts(names.map((name) => saved(name)))
  expect(artifacts.map(({ bytes, modifiedAt }) => [bytes, typeof modifiedAt])).toEqual([
    [4, 'string'],
    ...Array.from({ length: 5 }, () => [null, 'object']),
  ])
})

test('artifacts keep their order and number, also when one is saved twice', async () => {
  const artifacts = await describeArtifacts([saved('b', 1), saved('a', 2), saved('b', 3)])
  expect(artifacts.map(({ index, name, logLine }) => [index, name, logLine])).toEqual([
    [0, 'b', 1],
    [1, 'a', 2],
    [2, 'b', 3],
  ])
})

test('no artifacts are none', async () => {
  expect(await describeArtifacts([])).toEqual([])
})
