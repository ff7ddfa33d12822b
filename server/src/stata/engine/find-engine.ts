import { type Engine, err, ok, type Result } from '@tailgate/shared'
import { editionFromPath } from './edition.ts'
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

/** What lies at a path, links followed. */
export type PathKind = 'missing' | 'directory' | 'not-executable' | 'executable'

/** One place that was looked at, and what was found there, for the admin to read. */
export type Looked = { readonly where: string; readonly path: string | null; readonly result: string }

export type FoundEngine = {
  readonly engine: Engine
  /** The executable, with the arguments that always come first. */
  readonly command: readonly [file: string, ...args: string[]]
  readonly platform: Platform
  /** Everything that was looked at, in order; the last one was chosen. */
  readonly looked: readonly Looked[]
}

export type FindEngineOptions = {
  /** Path or name of the executable, or `standin`; null to search. */
  readonly setting: string | null
  /** What the user calls the setting, such as `--stata`; messages name it. */
  readonly settingSource: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: Platform
  readonly inspect: (file: string) => Promise<PathKind>
  /** Names of a directory's entries; none when it cannot be read. */
  readonly list: (directory: string) => Promise<readonly string[]>
  readonly standin: {
    readonly command: readonly [string, ...string[]]
    readonly path: string
    readonly version: string
  }
}

/** The variables that other Stata tools read, most specific first. */
export const STATA_VARIABLES = ['STATA_BINARY', 'STATAEXE', 'STATA_PATH', 'STATABATCH'] as const

/** Finds the engine; fails only when the setting names something that cannot be run. */
export async function findEngine(options: FindEngineOptions): Promise<Result<FoundEngine, string>> {
  const { setting, settingSource, platform } = options
  if (setting === 'standin') {
    return ok(standIn(options, [{ where: settingSource, path: options.standin.path, result: 'chosen, as set' }]))
  }
  if (setting !== null) {
    const set = await followSetting(setting, options)
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

async function followSetting(setting: string, options: FindEngineOptions): Promise<Result<string, string>> {
  const { settingSource, platform } = options
  const refused = (problem: string, remedy: string) => err(`${settingSource} is "${setting}": ${problem} ${remedy}`)
  const giveFullPath = `Set ${settingSource} to the full path of Stata's executable, such as ${EXAMPLE[platform]}.`

  if (setting.trim() === '') return refused('that is empty.', `${giveFullPath} Or leave it out to search for Stata.`)
  if (!/[\\/]/.test(setting) && !setting.startsWith('~')) {
    const found = await firstOnPath([setting], options)
    return found === null ? refused('no directory of PATH has such an executable.', giveFullPath) : ok(found)
  }
  if (!isAbsolutePath(setting, platform)) {
    return refused('that is not a full path; Tailgate expands neither "~" nor relative paths.', giveFullPath)
  }
  const console = consoleExecutable(setting, platform)
  const kind = await options.inspect(setting)
  switch (kind) {
    case 'missing':
      return refused('there is no such file.', `Check the path, or leave ${settingSource} out to search for Stata.`)
    case 'directory': {
      const inside = await firstExecutable(executablesIn(setting, platform), options)
      return inside === null
        ? refused('that is a directory, and no Stata executable is in it.', giveFullPath)
        : refused('that is a directory.', `Set ${settingSource} to the executable in it: ${inside}`)
    }
    case 'not-executable':
      return refused(
        'that file is not executable for the user that runs Tailgate.',
        platform === 'win32' ? giveFullPath : `Check that it is Stata, then: chmod +x "${setting}"`,
      )
    case 'executable':
      return console === null
        ? ok(setting)
        : refused('that is Stata with windows, which cannot run unattended.', `The one for the console is: ${console}`)
  }
}

const EXAMPLE: Readonly<Record<Platform, string>> = {
  linux: '/usr/local/stata19/stata-mp',
  darwin: '/Applications/StataNow/StataMP.app/Contents/MacOS/stata-mp',
  win32: 'C:\\Program Files\\Stata19\\StataMP-64.exe',
}

/** The console executable that belongs to one with a graphical interface; null for any other. */
function consoleExecutable(file: string, platform: Platform): string | null {
  const { basename, dirname, join } = pathsOf(platform)
  const name = basename(file)
  if (platform === 'darwin') {
    const edition = /^Stata(MP|SE|BE|IC)$/.exec(name)?.[1]
    return edition === undefined ? null : join(dirname(file), `stata-${edition.toLowerCase()}`)
  }
  return platform === 'linux' && /^xstata/.test(name) ? join(dirname(file), name.slice(1)) : null
}

async function searchVariables(options: FindEngineOptions, looked: Looked[]): Promise<string | null> {
  const { platform } = options
  for (const name of STATA_VARIABLES) {
    const value = variable(options, name)
    if (value === undefined || value.trim() === '') continue
    const [found, problem] = await followHint(value, options)
    const where = `environment variable ${name}`
    if (found !== null) {
      looked.push({ where, path: found, result: found === value ? 'chosen' : `chosen, by way of ${value}` })
      return found
    }
    looked.push({ where, path: isAbsolutePath(value, platform) ? value : null, result: `${problem}; passed over` })
  }
  return null
}

async function followHint(value: string, options: FindEngineOptions): Promise<[string | null, string]> {
  const { platform, inspect } = options
  if (!/[\\/]/.test(value)) return [await firstOnPath([value], options), `no "${value}" in PATH`]
  if (!isAbsolutePath(value, platform)) return [null, `"${value}" is not a full path`]
  const file = consoleExecutable(value, platform) ?? value
  const kind = await inspect(file)
  if (kind === 'executable') return [file, '']
  if (kind !== 'directory') return [null, kind === 'missing' ? 'there is no such file' : 'not executable']
  return [await firstExecutable(executablesIn(file, platform), options), 'a directory without a Stata executable']
}

async function searchUsualPlaces(options: FindEngineOptions, looked: Looked[]): Promise<string | null> {
  const { platform, list } = options
  const where = 'usual places'
  for (const parent of installationParents(platform, (name) => variable(options, name))) {
    const folders = installationFolders(await list(parent)).map((name) => pathsOf(platform).join(parent, name))
    // On macOS an application may lie in the folder without one of its own.
    const candidates = platform === 'darwin' ? [...folders, parent] : folders
    for (const folder of candidates) {
      const found = await firstExecutable(executablesIn(folder, platform), options)
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

async function searchPath(options: FindEngineOptions, looked: Looked[]): Promise<string | null> {
  const names = executableNames(options.platform)
  const found = await firstOnPath(names, options)
  looked.push({ where: 'PATH', path: found, result: found === null ? `none of ${names.join(', ')}` : 'chosen' })
  return found
}

/** The first directory of PATH counts most, then the order of the names. */
async function firstOnPath(names: readonly string[], options: FindEngineOptions): Promise<string | null> {
  const { delimiter, join } = pathsOf(options.platform)
  const directories = (variable(options, 'PATH') ?? '')
    .split(delimiter)
    // An entry that depends on the current directory could mean another file for each run.
    .filter((directory) => isAbsolutePath(directory, options.platform))
  return firstExecutable(
    directories.flatMap((directory) => names.map((name) => join(directory, name))),
    options,
  )
}

async function firstExecutable(files: readonly string[], { inspect }: FindEngineOptions): Promise<string | null> {
  for (const file of files) {
    if ((await inspect(file)) === 'executable') return file
  }
  return null
}

/** Windows does not tell upper from lower case in the names of variables. */
function variable({ env, platform }: FindEngineOptions, name: string): string | undefined {
  if (platform !== 'win32') return env[name]
  return Object.entries(env).find(([key]) => key.toUpperCase() === name.toUpperCase())?.[1]
}
