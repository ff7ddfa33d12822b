import { statSync } from 'node:fs'
import { availableParallelism, homedir } from 'node:os'
import type { Result } from '@tailgate/shared'
import { type Command, Option } from 'commander'
import { SETTING_SOURCES } from '../config/setting-sources.ts'
import { type SettingName, settingsSchema } from '../config/settings.ts'
import { type Configuration, configure, type Flags } from '../config.ts'

/** The flags of the settings, on every command that has them. */
const NAMES = settingsSchema.keyof().options

export function addSettingFlags(command: Command): Command {
  for (const name of NAMES) command.addOption(flagOf(name))
  return command
}

/** The configuration that a command's flags, the environment and the defaults make together. */
export function configurationOf(command: Command): Result<Configuration, string> {
  return configure({
    flags: givenFlags(command),
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    processors: availableParallelism(),
    isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  })
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
