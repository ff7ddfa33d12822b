import * as z from 'zod'
import { MAX_PATH_LENGTH } from './limits.ts'

/** Looking around under the allowed roots, and reading do-files. */

/** What an entry of a directory is. `do-file`: its name ends in `.do` or `.ado`. */
export const fileKindSchema = z.enum(['directory', 'do-file', 'file'])
export type FileKind = z.infer<typeof fileKindSchema>

const path = z.string().min(1, 'must not be empty').max(MAX_PATH_LENGTH)

/** Input of `GET /files` and `files.list`: a directory; without one, the allowed roots themselves. */
export const listFilesSchema = z.strictObject({ path: path.optional() })
export type ListFiles = z.infer<typeof listFilesSchema>

/** A directory under an allowed root, or the roots. */
export const fileListSchema = z.object({
  /** Real path of the directory; null for the list of roots. */
  path: z.string().nullable(),
  /** The directory above it; null when that is not allowed, or there is none. */
  parent: z.string().nullable(),
  /** Directories first, then by name. Hidden files, and what is no file or directory, are left out. */
  entries: z.array(
    z.object({
      name: z.string(),
      path: z.string(),
      kind: fileKindSchema,
      /** Size in bytes; null for a directory. */
      bytes: z.number().int().nullable(),
      /** When it was last changed, ISO 8601. */
      modifiedAt: z.string(),
    }),
  ),
  /** True when there are more than MAX_DIRECTORY_ENTRIES and only some are given. */
  truncated: z.boolean(),
})
export type FileList = z.infer<typeof fileListSchema>

/** Input of `GET /files/content` and `files.read`: a do-file that may be run. */
export const readFileSchema = z.strictObject({ path })
export type ReadFile = z.infer<typeof readFileSchema>

/** The text of a do-file. */
export const sourceSchema = z.object({
  /** Absolute path of the do-file. */
  path: z.string(),
  /** Read as UTF-8, or as Windows-1252 line by line where it is not that. */
  text: z.string(),
  /** Size of the whole file. */
  bytes: z.number().int(),
  /** When the file was last changed, ISO 8601; of a run's source, when it was copied. */
  modifiedAt: z.string(),
  /** True when the file is longer than MAX_SOURCE_BYTES and `text` is only its beginning. */
  truncated: z.boolean(),
})
export type Source = z.infer<typeof sourceSchema>
