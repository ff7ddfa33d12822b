import { dirname } from 'node:path'
import { err, ok, type Result } from '@tailgate/shared'
import * as z from 'zod'
import { fileKey, SETTING_SOURCES } from './setting-sources.ts'

/**
 * The config file: one JSON object, whose names are those of the flags without their dashes and whose values mean what
 * the flags' texts mean. A relative path is taken from the file's own directory.
 */

/** A config file as it was read. */
export type ConfigFile = {
  readonly path: string
  /** What relative paths in it are taken from. */
  readonly directory: string
  /** The texts of each setting that it names. */
  readonly texts: ReadonlyMap<string, readonly string[]>
}

const plainSchema = z.union([z.string(), z.number(), z.boolean()])
const fileSchema = z.record(z.string(), z.union([plainSchema, z.array(plainSchema)]))

/** A larger file is not ours. */
export const MAX_CONFIG_FILE_BYTES = 256 * 1024

/** Parses a config file's text; the error is for the user. */
export function parseConfigFile(path: string, text: string): Result<ConfigFile, string> {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    return err(`The config file ${path} is not JSON: ${error instanceof Error ? error.message : String(error)}.`)
  }
  const parsed = fileSchema.safeParse(content)
  if (!parsed.success) {
    return err(`The config file ${path} must be one JSON object of texts, numbers and lists, such as {"port": 4000}.`)
  }
  const known = Object.values(SETTING_SOURCES).map(fileKey)
  const unknown = Object.keys(parsed.data).find((key) => !known.includes(key))
  if (unknown !== undefined) {
    return err(
      `The config file ${path} names ${JSON.stringify(unknown)}, which is no setting: ${known.join(', ')} are.`,
    )
  }
  const texts = new Map(Object.entries(parsed.data).map(([key, value]) => [key, [value].flat().map(String)] as const))
  return ok({ path, directory: dirname(path), texts })
}
