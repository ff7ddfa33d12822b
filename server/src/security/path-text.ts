import { basename } from 'node:path'
import { MAX_PATH_LENGTH } from '@tailgate/shared'

/** Paths as text: what can be said of them before, and without, asking the file system. */

/** A path deeper than this is refused before the file system sees it. */
export const MAX_PATH_COMPONENTS = 255

/** What is wrong with a path as text, or null. */
export function textProblem(path: string): string | null {
  if (path === '') return 'is empty: give the path of a file or directory'
  if (path.length > MAX_PATH_LENGTH) return `is longer than ${MAX_PATH_LENGTH} characters`
  if (!path.isWellFormed()) return 'is not well-formed Unicode'
  // Line ends and other controls would reach logs, headers and the do-file language.
  if (/\p{Cc}|[\u2028\u2029]/u.test(path)) return 'contains a control character: rename the file'
  // The system hands out this mark for bytes that are not UTF-8, so it may stand for another file.
  if (path.includes('\ufffd')) return 'contains U+FFFD, which stands for unreadable bytes: rename the file'
  if (path.split('/').length > MAX_PATH_COMPONENTS) return `is deeper than ${MAX_PATH_COMPONENTS} directories`
  return null
}

/** True for the directory itself and everything under it. Both are real paths. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`)
}

/** True when the last component has a dot, so that Stata adds nothing to it. */
export function hasExtension(path: string): boolean {
  return basename(path).includes('.')
}

/** The file that Stata reads for this name. */
export function withDoExtension(path: string): string {
  return path === '' || path.endsWith('/') || hasExtension(path) ? path : `${path}.do`
}

/** What a user who gave a path that does not exist may have missed. */
export function nameHint(path: string): string {
  if (path.startsWith('~')) return ' A leading ~ is not expanded: write the whole path.'
  if (/^[a-z]+:\/\//i.test(path)) return ' Give a path, not a URL.'
  if (/[^ -~]/.test(path)) return ' Names are compared byte for byte: accents may be encoded in two ways (NFC, NFD).'
  return ' Check its spelling; upper and lower case differ.'
}
