/** Paths of the gateway's machine, which may be Unix or Windows. */

/** The last part. */
export function baseName(path: string): string {
  return path.slice(lastSeparator(path) + 1)
}

/** Everything before the last part, without the separator; the root keeps its own. */
export function directoryName(path: string): string {
  const at = lastSeparator(path)
  if (at < 0) return ''
  return at === 0 ? path.slice(0, 1) : path.slice(0, at)
}

/** The path as seen from a directory that contains it; the path itself otherwise. */
export function relativeTo(path: string, directory: string): string {
  const prefix = directory.endsWith('/') || directory.endsWith('\\') ? directory : `${directory}/`
  if (path === directory) return '.'
  return path.startsWith(prefix) ? path.slice(prefix.length) : path
}

function lastSeparator(path: string): number {
  return Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
}
