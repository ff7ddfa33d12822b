import path from 'node:path'

/** The operating systems that Stata runs on, by Node's names. */
export type Platform = 'linux' | 'darwin' | 'win32'

/** Path arithmetic of a platform, whatever platform we are on ourselves. */
export function pathsOf(platform: Platform): path.PlatformPath {
  return platform === 'win32' ? path.win32 : path.posix
}

const WINDOWS_ABSOLUTE = /^(?:[A-Za-z]:[\\/]|[\\/]{2}[^\\/])/

/** True for a path that means the same whatever the current directory (on Windows: and the current drive). */
export function isAbsolutePath(file: string, platform: Platform): boolean {
  return platform === 'win32' ? WINDOWS_ABSOLUTE.test(file) : file.startsWith('/')
}

/** The platform by Node's name for it; any other Unix is like Linux to us. */
export function platformOf(name: NodeJS.Platform): Platform {
  return name === 'win32' || name === 'darwin' ? name : 'linux'
}
