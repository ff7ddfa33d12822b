/** What the interpreter may do to the world outside: narrow functions, wired to Node in main.ts and to anything in tests. */
export interface System {
  /** The file's bytes; undefined if it cannot be read. */
  readFile(path: string): Uint8Array | undefined
  /** False if it cannot be written. */
  writeFile(path: string, text: string): boolean
  /** False if it cannot be removed. */
  removeFile(path: string): boolean
  exists(path: string): boolean
  /** Opens a file for lines. Each line is on disk when `writeLine` returns. Undefined if it cannot be opened. */
  openLineFile(path: string, mode: 'replace' | 'append'): LineFile | undefined
  cwd(): string
  /** False if there is no such directory. */
  chdir(path: string): boolean
  /** False if it cannot be made. */
  makeDirectory(path: string): boolean
  /** Runs a command with /bin/sh and waits; its output is discarded, as Stata does in batch mode. */
  shell(command: string): void
  /** Blocks. A signal still ends the process at once. */
  sleep(milliseconds: number): void
  now(): Date
  readonly pid: number
  readonly temporaryDirectory: string
}

export interface LineFile {
  writeLine(line: string): void
  close(): void
}
