import { type Platform, pathsOf } from './platform.ts'

/**
 * Where Stata's own installers put it, and what its console executables are called there.
 * Versions are found by listing, so that a release newer than this code is found too.
 */

/** The names of Stata's executables, most capable edition first. On macOS and Linux the console ones. */
export function executableNames(platform: Platform): readonly string[] {
  if (platform !== 'win32') return ['stata-mp', 'stata-se', 'stata-be', 'stata-ic', 'stata']
  return [
    'StataMP-64.exe',
    'StataSE-64.exe',
    'StataBE-64.exe',
    'StataIC-64.exe',
    'Stata-64.exe',
    'StataMP.exe',
    'StataSE.exe',
    'StataIC.exe',
    'Stata.exe',
  ]
}

/** What may be an executable inside an installation folder, best first. */
export function executablesIn(folder: string, platform: Platform): readonly string[] {
  const { join } = pathsOf(platform)
  if (platform !== 'darwin') return executableNames(platform).map((name) => join(folder, name))
  if (folder.endsWith('.app')) {
    return executableNames(platform)
      .filter((name) => name !== 'stata')
      .map((name) => join(folder, 'Contents/MacOS', name))
  }
  const inApps = ['MP', 'SE', 'BE', 'IC'].map((edition) =>
    join(folder, `Stata${edition}.app/Contents/MacOS/stata-${edition.toLowerCase()}`),
  )
  return [...inApps, ...executableNames(platform).map((name) => join(folder, name))]
}

/** The directories that hold installation folders. */
export function installationParents(platform: Platform, variable: (name: string) => string | undefined): string[] {
  switch (platform) {
    case 'linux':
      return ['/usr/local', '/opt']
    case 'darwin': {
      const home = variable('HOME')
      return ['/Applications', ...(home?.startsWith('/') ? [`${home}/Applications`] : [])]
    }
    case 'win32': {
      const told = [variable('ProgramW6432'), variable('ProgramFiles'), variable('ProgramFiles(x86)')]
      return [...new Set([...told, 'C:\\Program Files'].filter((folder) => folder !== undefined))]
    }
  }
}

const FOLDER = /^stata[ -]?(now)?[ -]?(\d{1,2})?(?:\.\d)?$/i

/** The installation folders among a directory's entries, newest first; StataNow is ahead of the release it follows. */
export function installationFolders(entries: readonly string[]): string[] {
  return entries
    .flatMap((name) => {
      const match = FOLDER.exec(name)
      if (match === null) return []
      const now = match[1] !== undefined
      // StataNow without a number is the current release; Stata without one may be any.
      const version = match[2] === undefined ? (now ? 99 : 0) : Number(match[2])
      return [{ name, rank: version + (now ? 0.5 : 0) }]
    })
    .sort((a, b) => b.rank - a.rank || a.name.localeCompare(b.name))
    .map(({ name }) => name)
}
