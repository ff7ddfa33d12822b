import { posix, win32 } from 'node:path'

/** Paths as Stata prints them, on the system that Stata ran on: that need not be the gateway's. */

/** True for `/…`, `C:\…`, `C:/…` and `\\server\…`. */
export function isAbsoluteInLog(path: string): boolean {
  return path.startsWith('/') || path.startsWith('\\\\') || /^[A-Za-z]:[\\/]/.test(path)
}

/** A path made absolute; unchanged when it is relative to a directory that is not known, or to a home directory. */
export function resolveInLog(workingDir: string | null, path: string): string {
  if (isAbsoluteInLog(path)) return path.startsWith('/') ? posix.normalize(path) : path
  if (workingDir === null || path.startsWith('~')) return path
  return workingDir.startsWith('/') ? posix.resolve(workingDir, path) : win32.resolve(workingDir, path)
}
