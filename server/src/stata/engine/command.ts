import type { FoundEngine } from './find-engine.ts'

/**
 * The command line that runs a do-file in batch mode, as an argument vector: no shell ever sees it.
 *
 * `-b`, `-e` and `/e` all mean batch with a text log; the `e` forms open no dialog at the end (Windows, macOS).
 * `-q` leaves out the banner. Stata has no flag for the log: it is `<do-file's name>.log` in the current directory.
 */
export function batchCommand(found: FoundEngine, doFile: string): readonly [file: string, ...args: string[]] {
  return [...found.command, ...batchFlags(found), 'do', doFile]
}

function batchFlags({ engine, platform }: FoundEngine): readonly string[] {
  if (engine.kind === 'standin') return ['-b', '-q']
  switch (platform) {
    case 'linux':
      return ['-b', '-q']
    case 'darwin':
      return ['-e', '-q']
    case 'win32':
      return ['/e', '/q']
  }
}

/** The name of the log that Stata writes for a do-file that ends in `.do`, in the directory it was started in. */
export function logName(doFile: string): string {
  return doFile.replace(/\.do$/, '.log')
}
