import { type Engine, err, ok, type Result } from '@tailgate/shared'
import { editionFromPath } from './edition.ts'
import { followSetting } from './follow-setting.ts'
import { consoleExecutable, firstExecutable, firstOnPath, type Machine, variable } from './machine.ts'
import { executableNames, executablesIn, installationFolders, installationParents } from './places.ts'
import { isAbsolutePath, type Platform, pathsOf } from './platform.ts'

/**
 * Decides which engine runs the do-files. In this order, the first that is there:
 *
 *   the setting → variables that other Stata tools read → where installers put Stata → PATH → the stand-in
 *
 * The setting is an order: when it cannot be followed, nothing else is tried and the message says what to do. All
 * other places are hints: what is wrong with one is written down in `looked`, and the search goes on. File access is
 * passed in; nothing is executed here.
 */

/** One place that was looked at, and what was found there, for the admin to read. */
type Looked = { readonly where: string; readonly path: string | null; readonly result: string }

export type FoundEngine = {
  readonly engine: Engine
  /** The executable, with the arguments that always come first. */
  readonly command: readonly [file: string, ...args: string[]]
  readonly platform: Platform
  /** Everything that was looked at, in order; the last one was chosen. */
  readonly looked: readonly Looked[]
}

export type FindEngineOptions = Machine & {
  /** Path or name of the executable, or `standin`; null to search. */
  readonly setting: string | null
  /** What the user calls the setting, such as `--stata`; messages name it. */
  readonly settingSource: string
  readonly standin: {
    readonly command: readonly [string, ...string[]]
    readonly path: string
    readonly version: string
  }
}

/** The variables that other Stata tools read, most specific first. */
const STATA_VARIABLES = ['STATA_BINARY', 'STATAEXE', 'STATA_PATH', 'STATABATCH'] as const

/** Finds the engine; fails only when the setting names something that cannot be run. */
export async function findEngine(options: FindEngineOptions): Promise<Result<FoundEngine, string>> {
  const { setting, settingSource, platform } = options
  if (setting === 'standin') {
    return ok(standIn(options, [{ where: settingSource, path: options.standin.path, result: 'chosen, as set' }]))
  }
  if (setting !== null) {
    const set = await followSetting(setting, settingSource, options)
    if (!set.ok) return set
    return ok(stata(set.value, platform, [{ where: settingSource, path: set.value, result: 'chosen, as set' }]))
  }

  const looked: Looked[] = []
  for (const search of [searchVariables, searchUsualPlaces, searchPath]) {
    const found = await search(options, looked)
    if (found !== null) return ok(stata(found, platform, looked))
  }
  looked.push({
    where: 'the stand-in',
    path: options.standin.path,
    result: 'chosen, since there is no Stata; it is not Stata and knows a small part of its language',
  })
  return ok(standIn(options, looked))
}

function stata(file: string, platform: Platform, looked: readonly Looked[]): FoundEngine {
  return { engine: { kind: 'stata', path: file, ...editionFromPath(file) }, command: [file], platform, looked }
}

function standIn({ standin, platform }: FindEngineOptions, looked: readonly Looked[]): FoundEngine {
  const engine: Engine = { kind: 'standin', path: standin.path, edition: null, version: standin.version }
  return { engine, command: standin.command, platform, looked }
}

async function searchVariables(machine: Machine, looked: Looked[]): Promise<string | null> {
  const { platform } = machine
  for (const name of STATA_VARIABLES) {
    const value = variable(machine, name)
    if (value === undefined || value.trim() === '') continue
    const where = `environment variable ${name}`
    const found = await followHint(value, machine)
    if (found.ok) {
      const result = found.value === value ? 'chosen' : `chosen, by way of ${value}`
      looked.push({ where, path: found.value, result })
      return found.value
    }
    looked.push({ where, path: isAbsolutePath(value, platform) ? value : null, result: `${found.error}; passed over` })
  }
  return null
}

/** More forgiving than the setting: a directory or an application with windows stands for the executable beside it. */
async function followHint(value: string, machine: Machine): Promise<Result<string, string>> {
  const { platform, inspect } = machine
  if (!/[\\/]/.test(value)) {
    const found = await firstOnPath([value], machine)
    return found === null ? err(`no "${value}" in PATH`) : ok(found)
  }
  if (!isAbsolutePath(value, platform)) return err(`"${value}" is not a full path`)
  const file = consoleExecutable(value, platform) ?? value
  switch (await inspect(file)) {
    case 'executable':
      return ok(file)
    case 'missing':
      return err('there is no such file')
    case 'not-executable':
      return err('not executable')
    case 'directory': {
      const found = await firstExecutable(executablesIn(file, platform), machine)
      return found === null ? err('a directory without a Stata executable') : ok(found)
    }
  }
}

async function searchUsualPlaces(machine: Machine, looked: Looked[]): Promise<string | null> {
  const { platform, list } = machine
  const where = 'usual places'
  for (const parent of installationParents(platform, (name) => variable(machine, name))) {
    const folders = installationFolders(await list(parent)).map((name) => pathsOf(platform).join(parent, name))
    // On macOS an application may lie in the folder without one of its own.
    const candidates = platform === 'darwin' ? [...folders, parent] : folders
    for (const folder of candidates) {
      const found = await firstExecutable(executablesIn(folder, platform), machine)
      if (found !== null) {
        looked.push({ where, path: found, result: 'chosen, the newest version and largest edition here' })
        return found
      }
      if (folder !== parent) looked.push({ where, path: folder, result: 'no Stata that can be executed' })
    }
    if (folders.length === 0) looked.push({ where, path: parent, result: 'no Stata folder' })
  }
  return null
}

async function searchPath(machine: Machine, looked: Looked[]): Promise<string | null> {
  const names = executableNames(machine.platform)
  const found = await firstOnPath(names, machine)
  looked.push({ where: 'PATH', path: found, result: found === null ? `none of ${names.join(', ')}` : 'chosen' })
  return found
}
