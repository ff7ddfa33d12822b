import { existsSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { unreachable } from '@tailgate/shared'
import { logText } from './log-text.ts'
import {
  FIRST_LINE,
  goFile,
  LAST_LINE,
  type Pace,
  parseDoFile,
  readyFile,
  reportFile,
  type WritingReport,
} from './writing-task.ts'

/**
 * A program with Stata's command line whose do-file tells how much to write how fast. It makes its text beforehand, so
 * that the writing is as fast as the file system takes it.
 */

const doFile = process.argv.at(-1) ?? ''
const log = openSync(`${path.basename(doFile, '.do')}.log`, 'w')
const text = readFileSync(doFile, 'utf8')
const userFile = /^do `?"?([^"']+)/m.exec(text)?.[1]
const task = parseDoFile(userFile === undefined ? text : readFileSync(userFile, 'utf8'))
write(`\n. do "${userFile ?? doFile}"\n\n`)
if (task === null) answerProbe()
else await perform(task.directory, task.lines, task.how)
write('\n. \nend of do-file\n'.repeat(userFile === undefined ? 1 : 2))

async function perform(directory: string, lines: number, how: Pace): Promise<void> {
  const blocks = how.type === 'paced' ? [] : [...logText(lines)]
  writeFileSync(readyFile(directory), '')
  while (!existsSync(goFile(directory))) await sleep(1)
  const startedAt = now()
  write(`${FIRST_LINE}\n`)
  switch (how.type) {
    case 'burst':
      for (const block of blocks) write(block)
      break
    case 'flushed':
      for (const block of blocks) writeLines(block)
      break
    case 'paced':
      for (let line = 1; line <= lines; line++) {
        await sleep(Math.max(0, startedAt / 1e6 + (line * 1000) / how.perSecond - now() / 1e6))
        write(`written at ${now()}\n`)
      }
      break
    default:
      unreachable(how)
  }
  write(`${LAST_LINE}\n`)
  const report: WritingReport = { startedAt, endedAt: now() }
  writeFileSync(reportFile(directory), JSON.stringify(report))
}

function writeLines(block: Buffer): void {
  for (let start = 0; start < block.length; ) {
    const end = block.indexOf('\n', start) + 1
    writeSync(log, block, start, end - start)
    start = end
  }
}

function write(data: string | Buffer): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  for (let at = 0; at < bytes.length; ) at += writeSync(log, bytes, at)
}

/** The gateway asks a new engine what it is; this one says the least that is believed. */
function answerProbe(): void {
  const values: Readonly<Record<string, string>> = { stata_version: '18.5', edition_real: 'MP', MP: '1', SE: '1' }
  for (const [, shown = ''] of text.matchAll(/^display "([^"]*)"/gm)) {
    write(`${shown.replace(/`c\((\w+)\)'/g, (_, name: string) => values[name] ?? '')}\n`)
  }
}

/** Nanoseconds; a double holds them exactly for 104 days of uptime. */
function now(): number {
  return Number(process.hrtime.bigint())
}
