#!/usr/bin/env node
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  closeSync,
  existsSync,
  ftruncateSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unreachable } from '@tailgate/shared'
import { CANARY_BLOCK_LINES, canaryBlocks } from './canary.ts'
import { doFileOf, parseWrapper } from './command-line.ts'
import { type Directive, parseDirectives } from './directives.ts'
import { playRecording } from './recording.ts'

/**
 * A program with Stata's command line that does what the do-file's directives say, to bring about on purpose what
 * Stata does by accident; or that plays a recording of the do-file, if the folder RECORDINGS has one. Its log lies
 * where Stata's would and begins and ends as Stata's does with -q.
 */

const doFile = doFileOf(process.argv.slice(2))
if (doFile === null) {
  console.error(`the scripted engine cannot run: ${process.argv.slice(2).join(' ')}`)
  process.exit(2)
}
const logFile = path.resolve(`${path.basename(doFile, '.do')}.log`)
const wrapper = parseWrapper(readFileSync(doFile, 'utf8'))
const directives = directivesOf(wrapper?.file ?? doFile)
/** The user's do-file, and the wrapper that does it. */
const depth = wrapper === null ? 1 : 2

let log = directives.some(({ name }) => name === 'no-log') ? null : openSync(logFile, 'w')
write('\n')
if (wrapper !== null) {
  process.chdir(wrapper.directory)
  write(`\n. cd \`"${wrapper.directory}"'\n${wrapper.directory}\n\n. do \`"${wrapper.file}"'\n\n`)
}
for (const directive of directives) await obey(directive)
write('\n. \nend of do-file\n'.repeat(depth))

/** Those of the do-file's recording where there is one (`project/main.txt`), else those that stand in the do-file. */
function directivesOf(file: string): Directive[] {
  const name = path.join(path.basename(path.dirname(file)), path.basename(file, '.do'))
  const recording = path.join(process.env.RECORDINGS ?? '/nonexistent', `${name}.txt`)
  if (existsSync(recording)) return playRecording(readFileSync(recording, 'utf8'))
  return parseDirectives(readFileSync(file, 'utf8'))
}

function write(data: string | Uint8Array): void {
  if (log === null) return
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  for (let at = 0; at < bytes.length; ) at += writeSync(log, bytes, at)
}

async function obey(directive: Directive): Promise<void> {
  switch (directive.name) {
    case 'print':
      return write(`${directive.text}\n`)
    case 'partial':
      return write(directive.text)
    case 'bytes':
      return write(directive.bytes)
    case 'burst':
      return burst(directive.count)
    case 'flushed':
      for (let line = 1; line <= directive.count; line += 1) write(`line ${line}\n`)
      return
    case 'canary':
      return canary(directive)
    case 'echo':
      return write(`\n. ${directive.text}\n`)
    case 'print-args':
      return write((wrapper?.args ?? []).map((arg) => `${JSON.stringify(arg)}\n`).join(''))
    case 'print-env':
      return write(`${JSON.stringify(process.env[directive.variable] ?? null)}\n`)
    case 'sleep':
      await sleep(directive.ms)
      return
    case 'clock':
      for (let line = 0; line < directive.count; line += 1) {
        write(`clock ${Date.now()}\n`)
        await sleep(directive.everyMs)
      }
      return
    case 'wait-for':
      while (!existsSync(directive.file)) await sleep(10)
      return
    case 'touch':
      return writeFileSync(directive.file, `${process.pid}\n`)
    case 'append-pid':
      return appendFileSync(directive.file, `${process.pid}\n`)
    case 'hang':
      return forever()
    case 'error':
      write(`${directive.message}\nr(${directive.rc});\n${`\nend of do-file\nr(${directive.rc});\n`.repeat(depth)}`)
      return process.exit(0)
    case 'exit':
      return process.exit(directive.status)
    case 'crash':
      process.kill(process.pid, directive.signal)
      return forever()
    case 'ignore-signals':
      for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {})
      return
    case 'fork-child':
      return fork(directive.file, false)
    case 'fork-daemon':
      return fork(directive.file, true)
    case 'no-log':
      return
    case 'stdout':
      return console.log(directive.text)
    case 'stderr':
      return console.error(directive.text)
    case 'append-log':
      return reopenLog(() => {})
    case 'truncate-log':
      return reopenLog((fd) => ftruncateSync(fd))
    case 'replace-log':
      return reopenLog(() => unlinkSync(logFile))
    case 'delete-log':
      return unlinkSync(logFile)
    default:
      return unreachable(directive)
  }
}

function burst(count: number): void {
  let block = ''
  for (let line = 1; line <= count; line += 1) {
    block += `line ${line}\n`
    if (block.length >= 65_536) {
      write(block)
      block = ''
    }
  }
  write(block)
}

async function canary({ count, seed, linesPerSecond }: Directive & { name: 'canary' }): Promise<void> {
  const startedAt = performance.now()
  let written = 0
  for (const chunks of canaryBlocks(count, seed)) {
    for (const chunk of chunks) write(chunk)
    written += CANARY_BLOCK_LINES
    await sleep(Math.max(0, startedAt + (written / linesPerSecond) * 1_000 - performance.now()))
  }
}

/** Writes on at the log's end, which is its beginning if it is emptied or removed before. */
function reopenLog(remove: (fd: number) => void): void {
  if (log === null) return
  remove(log)
  closeSync(log)
  log = openSync(logFile, 'a')
}

/** Waits for a signal that ends the process. */
async function forever(): Promise<never> {
  for (;;) await sleep(60_000)
}

/** The child tells its process id only once it ignores SIGTERM, and ends by itself should a test forget it. */
function fork(file: string, ownSession: boolean): void {
  const code = `const file = process.argv[1]
    process.on('SIGTERM', () => fs.writeFileSync(file + '.ignored', ''))
    fs.writeFileSync(file + '.part', process.pid + '\\n')
    fs.renameSync(file + '.part', file)
    setTimeout(() => {}, 600_000)`
  spawn(process.execPath, ['-e', code, path.resolve(file)], { stdio: 'ignore', detached: ownSession }).unref()
}
