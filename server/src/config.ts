import { err, ok, type Result } from '@tailgate/shared'
import { readVariable, SETTING_SOURCES, type SettingSource, type Surroundings } from './config/setting-sources.ts'
import { type SettingName, type Settings, settingsSchema } from './config/settings.ts'

/**
 * The settings of a gateway. One precedence for all of them: flags, then the environment, then defaults. Every setting
 * is checked here and nowhere else; the error names the setting as the user wrote it.
 */

/** Where a setting's value came from, and what the user calls it there, such as `--port` or `TAILGATE_PORT`. */
export type Origin = { readonly type: 'flag' | 'environment' | 'default'; readonly name: string }

export type Configuration = {
  readonly settings: Settings
  readonly origins: Readonly<Record<SettingName, Origin>>
}

/** Texts given on the command line; more than one only for a setting that is a list. */
export type Flags = Readonly<Partial<Record<SettingName, readonly string[]>>>

export type ConfigureOptions = Surroundings & {
  readonly flags: Flags
  readonly isDirectory: (path: string) => boolean
}

export function configure({ flags, isDirectory, ...surroundings }: ConfigureOptions): Result<Configuration, string> {
  const values: Partial<Record<SettingName, unknown>> = {}
  const origins: Partial<Record<SettingName, Origin>> = {}
  for (const name of settingsSchema.keyof().options) {
    const { origin, texts, value } = originOf(name, flags[name], surroundings)
    const problem = problemWith(name, value, isDirectory)
    if (problem !== null) return err(`${origin.name} is ${quoted(texts, value)}: it ${problem}`)
    values[name] = value
    origins[name] = origin
  }
  // Every name has passed the loop, which its type cannot say.
  return ok({ settings: settingsSchema.parse(values), origins: origins as Configuration['origins'] })
}

type Given = { readonly origin: Origin; readonly texts: readonly string[]; readonly value: unknown }

function originOf(name: SettingName, flag: readonly string[] | undefined, surroundings: Surroundings): Given {
  const source = SETTING_SOURCES[name]
  const flagName = source.flag.split(' ')[0] ?? source.flag
  if (flag !== undefined) {
    return { origin: { type: 'flag', name: flagName }, texts: flag, value: readTexts(source, flag, surroundings) }
  }
  const variable = readVariable(source, surroundings.env)
  if (variable.length > 0) {
    const origin: Origin = { type: 'environment', name: source.env }
    return { origin, texts: variable, value: readTexts(source, variable, surroundings) }
  }
  return { origin: { type: 'default', name: flagName }, texts: [], value: source.fallback(surroundings) }
}

function readTexts(source: SettingSource, texts: readonly string[], surroundings: Surroundings): unknown {
  const values = texts.map((text) => source.read(text, surroundings))
  return source.list ? values : values.at(-1)
}

/** What is wrong with a value and what to do about it, or null. */
function problemWith(name: SettingName, value: unknown, isDirectory: (path: string) => boolean): string | null {
  const parsed = settingsSchema.shape[name].safeParse(value)
  if (!parsed.success) return `${parsed.error.issues[0]?.message}.`
  if (name !== 'roots' || !Array.isArray(value)) return null
  const missing = value.find((root) => !isDirectory(root))
  return missing === undefined ? null : `must be a directory that exists. Create ${missing}, or name another one.`
}

function quoted(texts: readonly string[], value: unknown): string {
  return texts.length === 0 ? JSON.stringify(value) : texts.map((text) => JSON.stringify(text)).join(', ')
}
