#!/usr/bin/env node
/**
 * The stand-in as a process, with console Stata's command line: `node main.ts -b -q do file.do`.
 *
 * As with Stata in batch mode, stdout stays silent, the log is `<cwd>/<do-file>.log`, and the exit status is 0 whatever the
 * do-file did. Status 1 and a line on stderr mean that nothing was run.
 */
import { resolve } from 'node:path'
import process from 'node:process'
import { runBatch } from './batch.ts'
import { parseCommandLine } from './command-line.ts'
import { findCommand } from './commands/command-table.ts'
import { nodeSystem, openLineFile } from './node-system.ts'
import { STANDIN_VERSION } from './version.ts'

function main(args: readonly string[]): number {
  if (args[0] === '--version') {
    process.stdout.write(`Tailgate stand-in engine ${STANDIN_VERSION} (not Stata)\n`)
    return 0
  }
  const parsed = parseCommandLine(args, (word) => findCommand(word) !== undefined)
  if (parsed.kind === 'refused') return fail(parsed.message)
  const path = resolve(parsed.logName)
  const log = openLineFile(path, 'replace')
  if (!log) return fail(`cannot write the log ${path}; start it in a directory it may write to`)
  try {
    runBatch(parsed, (line) => log.writeLine(line), nodeSystem)
  } catch (error) {
    if (!isFileError(error)) throw error
    return fail(`cannot go on writing the log ${path}: ${error.message}`)
  }
  log.close()
  return 0
}

/** A full disk, a quota, a file system that went away: not our bug, so no stack. */
function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error
}

function fail(message: string): number {
  process.stderr.write(`Tailgate stand-in engine: ${message}\n`)
  return 1
}

process.exitCode = main(process.argv.slice(2))
