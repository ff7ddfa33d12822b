import { err, ok, type Result } from '@tailgate/shared'
import { consoleExecutable, firstExecutable, firstOnPath, type Machine } from './machine.ts'
import { executablesIn } from './places.ts'
import { isAbsolutePath, type Platform } from './platform.ts'

/**
 * The executable that the setting names. One that cannot be run is refused, with what is wrong and what to set instead.
 * `source` is what the user calls the setting, such as `--stata`.
 */
export async function followSetting(
  setting: string,
  source: string,
  machine: Machine,
): Promise<Result<string, string>> {
  const { platform } = machine
  const refused = (problem: string, remedy: string) => err(`${source} is "${setting}": ${problem} ${remedy}`)
  const giveFullPath = `Set ${source} to the full path of Stata's executable, such as ${EXAMPLE[platform]}.`

  if (setting.trim() === '') return refused('that is empty.', `${giveFullPath} Or leave it out to search for Stata.`)
  if (!/[\\/]/.test(setting) && !setting.startsWith('~')) {
    const found = await firstOnPath([setting], machine)
    return found === null ? refused('no directory of PATH has such an executable.', giveFullPath) : ok(found)
  }
  if (!isAbsolutePath(setting, platform)) {
    return refused('that is not a full path; Tailgate expands neither "~" nor relative paths.', giveFullPath)
  }
  const console = consoleExecutable(setting, platform)
  const kind = await machine.inspect(setting)
  switch (kind) {
    case 'missing':
      return refused('there is no such file.', `Check the path, or leave ${source} out to search for Stata.`)
    case 'directory': {
      const inside = await firstExecutable(executablesIn(setting, platform), machine)
      return inside === null
        ? refused('that is a directory, and no Stata executable is in it.', giveFullPath)
        : refused('that is a directory.', `Set ${source} to the executable in it: ${inside}`)
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
