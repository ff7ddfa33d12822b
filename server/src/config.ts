import { err, ok, type Result } from '@tailgate/shared'
import type { ConfigFile } from './config/config-file.ts'
import { fileKey, flagName, readVariable, SETTING_SOURCES, type Surroundings } from './config/setting-sources.ts'
import { type SettingName, type Settings, settingsSchema } from './config/settings.ts'

/**
 * The settings of a gateway. One precedence for all of them: flags, then the environment, then the config file, then
 * defaults. Every setting is checked here and nowhere else; the error names the setting as the user wrote it.
 */

/** Where a setting's value came from, and what the user calls it there, such as `--port` or `TAILGATE_PORT`. */
export type Origin = { readonly type: 'flag' | 'environment' | 'file' | 'default'; readonly name: string }

export type Configuration = {
  readonly settings: Settings
  readonly origins: Readonly<Record<SettingName, Origin>>
}

/** Texts given on the command line; more than one only for a setting that is a list. */
export type Flags = Readonly<Partial<Record<SettingName, readonly string[]>>>

export type ConfigureOptions = Surroundings & {
  readonly flags: Flags
  readonly file: ConfigFile | null
  readonly isDirectory: (path: string) => boolean
}

export function configure({ isDirectory, ...places }: ConfigureOptions): Result<Configuration, string> {
  const values: Partial<Record<SettingName, unknown>> = {}
  const origins: Partial<Record<SettingName, Origin>> = {}
  for (const name of settingsSchema.keyof().options) {
    const { origin, texts, value } = given(name, places)
    const problem = problemWith(name, value, isDirectory)
    if (problem !== null) return err(`${origin.name} is ${quoted(texts, value)}: it ${problem}`)
    values[name] = value
    origins[name] = origin
  }
  // Every name has passed the loop, which its type cannot say.
  return ok({ settings: settingsSchema.parse(values), origins: origins as Configuration['origins'] })
}

type Given = { readonly origin: Origin; readonly texts: readonly string[]; readonly value: unknown }

/** The setting's texts from the first place that has some, else its default. */
function given(name: SettingName, { flags, file, ...surroundings }: Omit<ConfigureOptions, 'isDirectory'>): Given {
  const source = SETTING_SOURCES[name]
  const key = fileKey(source)
  const inFile: Origin = { type: 'file', name: `${JSON.stringify(key)} in ${file?.path}` }
  const variable = readVariable(source, surroundings.env)
  const places: readonly { origin: Origin; texts: readonly string[] | undefined; cwd: string }[] = [
    { origin: { type: 'flag', name: flagName(source) }, texts: flags[name], cwd: surroundings.cwd },
    {
      origin: { type: 'environment', name: source.env },
      texts: variable.length === 0 ? undefined : variable,
      cwd: surroundings.cwd,
    },
    { origin: inFile, texts: file?.texts.get(key), cwd: file?.directory ?? surroundings.cwd },
  ]
  for (const { origin, texts, cwd } of places) {
    if (texts === undefined) continue
    const values = texts.map((text) => source.read(text, { ...surroundings, cwd }))
    return { origin, texts, value: source.list === undefined ? values.at(-1) : values }
  }
  return { origin: { type: 'default', name: flagName(source) }, texts: [], value: source.fallback(surroundings) }
}

/** What is wrong with a value and what to do about it, or null. */
function problemWith(name: SettingName, value: unknown, isDirectory: (path: string) => boolean): string | null {
  const parsed = settingsSchema.shape[name].safeParse(value)
  if (!parsed.success) return `${parsed.error.issues[0]?.message}.`
  if (name !== 'roots' || !Array.isArray(value)) return null
  const missing = value.find((root) => !isDirectory(root))
  return missing === undefined
    ? null
    : `must be a directory that exists, which ${missing} is not. Create it, or name another one.`
}

function quoted(texts: readonly string[], value: unknown): string {
  return texts.length === 0 ? JSON.stringify(value) : texts.map((text) => JSON.stringify(text)).join(', ')
}
