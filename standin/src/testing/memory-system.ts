/** A `System` of memory for tests: files in a map, a fixed clock, sleeps recorded instead of slept. */
import type { System } from '../system.ts'

export interface MemorySystem extends System {
  readonly files: Map<string, string>
  readonly slept: number[]
  readonly commands: string[]
}

export function memorySystem(files: Readonly<Record<string, string>> = {}): MemorySystem {
  const contents = new Map(Object.entries(files))
  const slept: number[] = []
  const commands: string[] = []
  let directory = '/work'
  return {
    files: contents,
    slept,
    commands,
    readFile: (path) => {
      const text = contents.get(path)
      return text === undefined ? undefined : new TextEncoder().encode(text)
    },
    writeFile: (path, text) => {
      contents.set(path, text)
      return true
    },
    removeFile: (path) => contents.delete(path),
    exists: (path) => contents.has(path),
    openLineFile: (path, mode) => {
      if (mode === 'replace' || !contents.has(path)) contents.set(path, '')
      return {
        writeLine: (line) => {
          contents.set(path, `${contents.get(path) ?? ''}${line}\n`)
        },
        close: () => {},
      }
    },
    cwd: () => directory,
    chdir: (path) => {
      if (path === '/missing') return false
      directory = path
      return true
    },
    makeDirectory: () => true,
    shell: (command) => {
      commands.push(command)
    },
    sleep: (milliseconds) => {
      slept.push(milliseconds)
    },
    now: () => new Date(2026, 3, 2, 12, 8, 0),
    pid: 42,
    temporaryDirectory: '/tmp',
  }
}
