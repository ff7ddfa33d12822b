import { readFileSync, statSync } from 'node:fs'
import { availableParallelism, homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { err, ok, type Result } from '@tailgate/shared'
import { type Command, Option } from 'commander'
import { type ConfigFile, MAX_CONFIG_FILE_BYTES, parseConfigFile } from '../config/config-file.ts'
import { SETTING_SOURCES } from '../config/setting-sources.ts'
import { type SettingName, settingsSchema } from '../config/settings.ts'
import { type Configuration, configure, type Flags } from '../config.ts'

/** The flags of the settings, on every command that has them. */
const NAMES = settingsSchema.keyof().options

const CONFIG_FILE_HELP =
  'file with settings (default: $XDG_CONFIG_HOME/tailgate/config.json or ~/.config/tailgate/config.json, if it is there)'

export function addSettingFlags(command: Command, names: readonly SettingName[] = NAMES): Command {
  for (const name of names) command.addOption(flagOf(name))
  return command.option('--config <path>', `${CONFIG_FILE_HELP} [TAILGATE_CONFIG]`)
}

/** The configuration that a command's flags, the environment, the config file and the defaults make together. */
export function configurationOf(command: Command): Result<Configuration, string> {
  const file = readConfigFile(command.opts<{ config?: string }>().config)
  if (!file.ok) return file
  return configure({
    file: file.value,
    flags: givenFlags(command),
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    processors: availableParallelism(),
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  })
}

/** The config file that was asked for, or the one at the usual place; null where there is none. */
function readConfigFile(flag: string | undefined): Result<ConfigFile | null, string> {
  if (flag === '') return err('--config is empty: name a file.')
  const asked = flag ?? (process.env.TAILGATE_CONFIG || undefined)
  const path = asked === undefined ? usualConfigFile() : resolve(asked)
  try {
    const status = statSync(path, { throwIfNoEntry: asked !== undefined })
    if (status === undefined) return ok(null)
    if (status.isDirectory()) return err(`The config file ${path} is a directory: name a file.`)
    if (!status.isFile() || status.size > MAX_CONFIG_FILE_BYTES) return err(`${path} is not a config file.`)
    return parseConfigFile(path, readFileSync(path, 'utf8'))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return err(`The config file ${path} cannot be read: ${why}. Check its path and who may read it.`)
  }
}

/** In the XDG base directory for configuration; the specification has relative values ignored. */
function usualConfigFile(): string {
  const base = process.env.XDG_CONFIG_HOME
  return join(base !== undefined && isAbsolute(base) ? base : join(homedir(), '.config'), 'tailgate', 'config.json')
}

function flagOf(name: SettingName): Option {
  const { flag, env, help } = SETTING_SOURCES[name]
  return new Option(flag, `${help} [${env}]`).argParser((text: string, before: readonly string[] = []) => [
    ...before,
    text,
  ])
}

function givenFlags(command: Command): Flags {
  const values = command.opts<Readonly<Record<string, readonly string[] | undefined>>>()
  const flags: { -readonly [Name in SettingName]?: readonly string[] } = {}
  for (const name of NAMES) {
    const texts = values[flagOf(name).attributeName()]
    if (texts !== undefined) flags[name] = texts
  }
  return flags
}
