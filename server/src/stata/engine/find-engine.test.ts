import { describe, expect, test } from 'vitest'
import { type FindEngineOptions, findEngine } from './find-engine.ts'
import type { PathKind } from './machine.ts'
import { type Platform, pathsOf } from './platform.ts'

type Machine = {
  platform?: Platform
  setting?: string | null
  env?: Record<string, string>
  /** What lies where; the directories above are implied. */
  files?: Record<string, Exclude<PathKind, 'missing'>>
}

function on({ platform = 'linux', setting = null, env = {}, files = {} }: Machine): FindEngineOptions {
  const { sep } = pathsOf(platform)
  const under = (directory: string) => Object.keys(files).filter((file) => file.startsWith(directory + sep))
  return {
    setting,
    settingSource: '--stata',
    env,
    platform,
    inspect: async (file) => files[file] ?? (under(file).length > 0 ? 'directory' : 'missing'),
    list: async (directory) => [
      ...new Set(under(directory).map((file) => file.slice(directory.length + 1).split(sep)[0] ?? '')),
    ],
    standin: { command: ['/usr/bin/node', '/tailgate/standin.ts'], path: '/tailgate/standin.ts', version: '0.1.0' },
  }
}

async function chosen(machine: Machine): Promise<string> {
  const found = await findEngine(on(machine))
  if (!found.ok) throw new Error(found.error)
  expect(found.value.looked.at(-1)?.path).toBe(found.value.engine.path)
  expect(found.value.looked.at(-1)?.result).toMatch(/^chosen/)
  return found.value.engine.path
}

async function refusal(machine: Machine): Promise<string> {
  const found = await findEngine(on(machine))
  if (found.ok) throw new Error(`chose ${found.value.engine.path}`)
  return found.error
}

const X = 'executable' as const

describe('the setting', () => {
  test('is followed, and edition and version are guessed from it', async () => {
    const setting = '/usr/local/stata18/stata-se'
    const found = await findEngine(on({ setting, files: { [setting]: X } }))
    expect(found).toEqual({
      ok: true,
      value: {
        engine: { kind: 'stata', path: setting, edition: 'SE', version: '18' },
        command: [setting],
        platform: 'linux',
        looked: [{ where: '--stata', path: setting, result: 'chosen, as set' }],
      },
    })
  })

  test('may ask for the stand-in although there is a Stata', async () => {
    const found = await findEngine(on({ setting: 'standin', files: { '/usr/local/stata18/stata-se': X } }))
    expect(found).toMatchObject({
      ok: true,
      value: { engine: { kind: 'standin', version: '0.1.0' }, command: ['/usr/bin/node', '/tailgate/standin.ts'] },
    })
  })

  test('may be a name that PATH knows', async () => {
    const machine = { setting: 'stata-se', env: { PATH: '/bin:/software/stata/bin' } }
    expect(await chosen({ ...machine, files: { '/software/stata/bin/stata-se': X } })).toBe(
      '/software/stata/bin/stata-se',
    )
    expect(await refusal(machine)).toContain('--stata is "stata-se": no directory of PATH')
  })

  test('goes before every other place, even when it cannot be followed', async () => {
    const files = { '/usr/local/stata19/stata-mp': X }
    expect(await refusal({ setting: '/opt/stata', env: { STATA_BINARY: '/usr/local/stata19/stata-mp' }, files })).toBe(
      '--stata is "/opt/stata": there is no such file. Check the path, or leave --stata out to search for Stata.',
    )
  })

  test('that is a directory is refused with the executable that is in it', async () => {
    const files = { '/opt/s/stata-be': X, '/opt/s/stata': X, '/opt/empty/readme': 'not-executable' as const }
    expect(await refusal({ setting: '/opt/s', files })).toBe(
      '--stata is "/opt/s": that is a directory. Set --stata to the executable in it: /opt/s/stata-be',
    )
    expect(await refusal({ setting: '/opt/empty', files })).toContain('no Stata executable is in it')
  })

  test('that is a macOS application is refused with the console executable in it', async () => {
    const inside = '/Applications/Stata/StataSE.app/Contents/MacOS/stata-se'
    const setting = '/Applications/Stata/StataSE.app'
    expect(await refusal({ platform: 'darwin', setting, files: { [inside]: X } })).toContain(inside)
  })

  test('that may not be executed is refused with the command that allows it', async () => {
    const setting = '/opt/my stata/stata-mp'
    expect(await refusal({ setting, files: { [setting]: 'not-executable' } })).toContain(`chmod +x "${setting}"`)
  })

  test('that is the executable with windows is refused with the one for the console', async () => {
    const macos = '/Applications/StataNow/StataMP.app/Contents/MacOS/'
    expect(
      await refusal({ platform: 'darwin', setting: `${macos}StataMP`, files: { [`${macos}StataMP`]: X } }),
    ).toContain(`${macos}stata-mp`)
    const setting = '/usr/local/stata17/xstata-mp'
    expect(await refusal({ setting, files: { [setting]: X } })).toContain('/usr/local/stata17/stata-mp')
  })

  test.each(['~/stata/stata-mp', './stata-mp', 'stata/stata-mp'])('%s is refused: no full path', async (setting) => {
    expect(await refusal({ setting })).toContain('not a full path')
  })

  test('that is empty is refused', async () => {
    expect(await refusal({ setting: ' ' })).toContain('that is empty')
  })
})

describe('the search', () => {
  test('asks the variables of other tools before the usual places', async () => {
    const files = { '/a/stata-mp': X, '/b/stata-se': X, '/usr/local/stata19/stata-mp': X }
    expect(await chosen({ env: { STATAEXE: '/b/stata-se', STATA_BINARY: '/a/stata-mp' }, files })).toBe('/a/stata-mp')
    expect(await chosen({ env: { STATAEXE: '/b/stata-se' }, files })).toBe('/b/stata-se')
    expect(await chosen({ env: { STATA_PATH: '/b' }, files })).toBe('/b/stata-se')
    expect(await chosen({ files })).toBe('/usr/local/stata19/stata-mp')
  })

  test('passes over a variable that leads nowhere, and says so', async () => {
    const files = { '/usr/local/stata19/stata-mp': X }
    const found = await findEngine(on({ env: { STATA_PATH: '/gone/stata-mp' }, files }))
    expect(found).toMatchObject({
      ok: true,
      value: {
        looked: [
          {
            where: 'environment variable STATA_PATH',
            path: '/gone/stata-mp',
            result: 'there is no such file; passed over',
          },
          { where: 'usual places', path: '/usr/local/stata19/stata-mp' },
        ],
      },
    })
  })

  test('prefers the newer version, then the larger edition', async () => {
    const files = {
      '/usr/local/stata9/stata-mp': X,
      '/usr/local/stata18/stata-mp': X,
      '/usr/local/stata19/stata': X,
      '/usr/local/stata19/stata-be': X,
      '/usr/local/stata19/stata-se': X,
    }
    expect(await chosen({ files })).toBe('/usr/local/stata19/stata-se')
  })

  test('takes the next folder when the newest holds nothing to execute', async () => {
    const files = { '/usr/local/stata19/stata-mp': 'not-executable' as const, '/usr/local/stata18/stata-se': X }
    expect(await chosen({ files })).toBe('/usr/local/stata18/stata-se')
  })

  test('finds the console executable on macOS, in StataNow before Stata', async () => {
    const files = {
      '/Applications/Stata/StataMP.app/Contents/MacOS/stata-mp': X,
      '/Applications/StataNow/StataSE.app/Contents/MacOS/StataSE': X,
      '/Applications/StataNow/StataSE.app/Contents/MacOS/stata-se': X,
    }
    expect(await chosen({ platform: 'darwin', files })).toBe(
      '/Applications/StataNow/StataSE.app/Contents/MacOS/stata-se',
    )
    const lone = '/Users/ada/Applications/StataBE.app/Contents/MacOS/stata-be'
    expect(await chosen({ platform: 'darwin', env: { HOME: '/Users/ada' }, files: { [lone]: X } })).toBe(lone)
  })

  test('turns a variable that names the macOS application with windows to the console', async () => {
    const macos = '/Applications/StataNow/StataMP.app/Contents/MacOS/'
    const files = { [`${macos}StataMP`]: X, [`${macos}stata-mp`]: X }
    expect(await chosen({ platform: 'darwin', env: { STATA_PATH: `${macos}StataMP` }, files })).toBe(`${macos}stata-mp`)
  })

  test('finds Stata in the program folders of Windows, whatever the case of its variables', async () => {
    const files = { 'D:\\Programs\\Stata17\\StataSE-64.exe': X, 'C:\\Program Files\\Stata16\\StataIC-64.exe': X }
    expect(await chosen({ platform: 'win32', env: { PROGRAMFILES: 'D:\\Programs' }, files })).toBe(
      'D:\\Programs\\Stata17\\StataSE-64.exe',
    )
    expect(await chosen({ platform: 'win32', files })).toBe('C:\\Program Files\\Stata16\\StataIC-64.exe')
  })

  test('asks PATH last, and never the current directory', async () => {
    const files = { '/home/ada/bin/stata-se': X, '/bin/stata': X, 'stata-mp': X, 'rel/stata-mp': X }
    expect(await chosen({ env: { PATH: ':rel:/home/ada/bin:/bin' }, files })).toBe('/home/ada/bin/stata-se')
  })

  test('ends at the stand-in, with everything that was looked at', async () => {
    const found = await findEngine(
      on({ env: { PATH: '/bin' }, files: { '/opt/stata18/docs/index': 'not-executable' } }),
    )
    expect(found.ok && found.value.engine.kind).toBe('standin')
    expect(found.ok && found.value.looked.map(({ where, path, result }) => `${where} ${path}: ${result}`)).toEqual([
      'usual places /usr/local: no Stata folder',
      'usual places /opt/stata18: no Stata that can be executed',
      'PATH null: none of stata-mp, stata-se, stata-be, stata-ic, stata',
      expect.stringContaining('the stand-in /tailgate/standin.ts: chosen, since there is no Stata'),
    ])
  })
})
