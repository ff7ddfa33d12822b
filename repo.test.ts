import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The house rules, as tests: one-way imports, no cycles, short files, browser-clean entries, honest tests. */

/** Which packages a package may import, beside itself. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  standin: [],
  server: ['shared', 'standin'],
  client: ['shared', 'server'],
  dashboard: ['client', 'shared'],
  e2e: ['client', 'server', 'shared', 'standin'],
  bench: ['client', 'server', 'shared', 'standin'],
}

/** Which folders of the server a folder may import, beside itself. `.` is what lies directly in src. */
const SERVER_FOLDERS: Readonly<Record<string, readonly string[]>> = {
  lines: [],
  tail: [],
  executors: [],
  store: [],
  feed: ['lines'],
  stata: ['executors'],
  runs: ['executors', 'stata', 'tail', 'lines', 'feed', 'store'],
  security: ['runs'],
  metrics: [],
  files: ['lines', 'security'],
  transports: ['metrics', 'runs', 'feed', 'files', 'security'],
  config: ['security'],
  cli: ['.', 'config', 'stata', 'security', 'store'],
  '.': [
    'cli',
    'config',
    'executors',
    'feed',
    'files',
    'lines',
    'metrics',
    'runs',
    'security',
    'stata',
    'store',
    'tail',
    'transports',
  ],
}

const MAX_LINES = 400

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts') && existsSync(path))

type Import = { readonly target: string; readonly typeOnly: boolean }

const importsByFile = new Map(files.map((file) => [file, importsOf(file)]))

function importsOf(file: string): Import[] {
  const source = readFileSync(file, 'utf8')
  const pattern = /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm
  return [...source.matchAll(pattern)].map(([, type, from, dynamic]) => ({
    target: resolveImport(file, from ?? dynamic ?? ''),
    typeOnly: type !== undefined,
  }))
}

/** A repository path for our own files, `@tailgate/x` for our packages, else the specifier. */
function resolveImport(file: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier
}

const packageOf = (path: string) => path.split('/')[0] ?? ''
const isTest = (path: string) =>
  /\.(test|e2e)\.tsx?$/.test(path) || /\/testing\/|\.fixture\.ts$|-contract\.ts$/.test(path)

function serverFolder(path: string): string | null {
  const parts = path.split('/')
  if (parts[0] !== 'server' || parts[1] !== 'src') return null
  return parts.length === 3 ? '.' : (parts[2] ?? null)
}

test('packages import one way', () => {
  const wrong: string[] = []
  for (const [file, imports] of importsByFile) {
    const from = packageOf(file)
    if (PACKAGES[from] === undefined || isTest(file)) continue
    for (const { target, typeOnly } of imports) {
      const own = /^@tailgate\/([a-z0-9]+)/.exec(target)?.[1] ?? (target.startsWith('@') ? null : packageOf(target))
      if (own === null || PACKAGES[own] === undefined || own === from) continue
      const allowed = PACKAGES[from]?.includes(own) && target.startsWith('@tailgate/')
      // The client knows the server's router as a type, and nothing else of it.
      if (!allowed || (from === 'client' && own === 'server' && !typeOnly)) wrong.push(`${file} → ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('the folders of the server import one way', () => {
  const wrong: string[] = []
  for (const [file, imports] of importsByFile) {
    const from = serverFolder(file)
    if (from === null || isTest(file)) continue
    const allowed = SERVER_FOLDERS[from]
    if (allowed === undefined) wrong.push(`${file}: the folder ${from} is not in the table`)
    for (const { target } of imports) {
      const to = serverFolder(target)
      if (to !== null && to !== from && !allowed?.includes(to)) wrong.push(`${file} → ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

test('no file imports itself in a circle', () => {
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    if (done.has(file)) return
    for (const { target } of importsByFile.get(file) ?? [])
      if (importsByFile.has(target)) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  expect(cycles).toEqual([])
})

test(`no file has over ${MAX_LINES} lines`, () => {
  const long = files.map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }))
  expect(long.filter(({ lines }) => lines > MAX_LINES)).toEqual([])
})

describe.each(['shared', 'client'])('the entry of %s', (name) => {
  test('runs in a browser: nothing it reaches imports a Node built-in', () => {
    const reached = new Set<string>()
    const builtIns: string[] = []
    const visit = (file: string): void => {
      if (reached.has(file)) return
      reached.add(file)
      for (const { target, typeOnly } of importsByFile.get(file) ?? []) {
        if (typeOnly) continue
        if (target.startsWith('node:')) builtIns.push(`${file} → ${target}`)
        visit(target.startsWith('@tailgate/') ? `${target.slice('@tailgate/'.length)}/src/index.ts` : target)
      }
    }
    visit(`${name}/src/index.ts`)
    expect(reached.size).toBeGreaterThan(3)
    expect(builtIns).toEqual([])
  })
})

test('indexes are explicit lists', () => {
  const stars = files.filter((file) => /^export \*/m.test(readFileSync(file, 'utf8')))
  expect(stars).toEqual([])
})

test('end-to-end tests live in e2e, and only there', () => {
  const strays = files.filter((file) => file.endsWith('.e2e.ts') !== (isTest(file) && file.startsWith('e2e/')))
  expect(strays.filter((file) => file.endsWith('.e2e.ts'))).toEqual([])
})

test('tests use the real thing: no module mocks, no focused or forgotten tests', () => {
  const forbidden = /\bvi\s*\.\s*(mock|doMock|hoisted)\b|\b(test|it|describe)\.(only|todo)\(/
  const found = files.filter((file) => file !== 'repo.test.ts' && forbidden.test(readFileSync(file, 'utf8')))
  expect(found).toEqual([])
})

test('dependencies are pinned to exact versions, so that what was tested is what is installed', () => {
  const manifests = execFileSync('git', ['ls-files', '*package.json'], { encoding: 'utf8' }).trim().split('\n')
  const loose = manifests.flatMap((path) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path, 'utf8'))
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(([, version]) => !/^(\d+\.\d+\.\d+|workspace:\*)$/.test(String(version)))
      .map(([name, version]) => `${path}: ${name} ${version}`)
  })
  expect(manifests.length).toBeGreaterThan(3)
  expect(loose).toEqual([])
})
