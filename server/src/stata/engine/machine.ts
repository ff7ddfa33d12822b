import { isAbsolutePath, type Platform, pathsOf } from './platform.ts'

/** The machine as the search for an engine sees it: variables and files, nothing that is executed. */
export type Machine = {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: Platform
  readonly inspect: (file: string) => Promise<PathKind>
  /** Names of a directory's entries; none when it cannot be read. */
  readonly list: (directory: string) => Promise<readonly string[]>
}

/** What lies at a path, links followed. */
export type PathKind = 'missing' | 'directory' | 'not-executable' | 'executable'

/** The first directory of PATH counts most, then the order of the names. */
export async function firstOnPath(names: readonly string[], machine: Machine): Promise<string | null> {
  const { delimiter, join } = pathsOf(machine.platform)
  const directories = (variable(machine, 'PATH') ?? '')
    .split(delimiter)
    // An entry that depends on the current directory could mean another file for each run.
    .filter((directory) => isAbsolutePath(directory, machine.platform))
  return firstExecutable(
    directories.flatMap((directory) => names.map((name) => join(directory, name))),
    machine,
  )
}

export async function firstExecutable(files: readonly string[], { inspect }: Machine): Promise<string | null> {
  for (const file of files) {
    if ((await inspect(file)) === 'executable') return file
  }
  return null
}

/** Windows does not tell upper from lower case in the names of variables. */
export function variable({ env, platform }: Machine, name: string): string | undefined {
  if (platform !== 'win32') return env[name]
  return Object.entries(env).find(([key]) => key.toUpperCase() === name.toUpperCase())?.[1]
}

/** The console executable that belongs to one with a graphical interface; null for any other. */
export function consoleExecutable(file: string, platform: Platform): string | null {
  const { basename, dirname, join } = pathsOf(platform)
  const name = basename(file)
  if (platform === 'darwin') {
    const edition = /^Stata(MP|SE|BE|IC)$/.exec(name)?.[1]
    return edition === undefined ? null : join(dirname(file), `stata-${edition.toLowerCase()}`)
  }
  return platform === 'linux' && /^xstata/.test(name) ? join(dirname(file), name.slice(1)) : null
}
