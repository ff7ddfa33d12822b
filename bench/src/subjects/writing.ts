import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { logText } from '../engine/log-text.ts'
import { doFileText, goFile, type Pace, readyFile, reportFile, type WritingReport } from '../engine/writing-task.ts'

/** A do-file and its directory, and the signals between the bench and the engine that does it. */
export type Writing = {
  readonly doFile: string
  /** The least that its lines take in the log. */
  readonly bytes: number
  ready(): Promise<void>
  /** Lets the engine write; resolves when it has. */
  go(): Promise<WritingReport>
}

export async function createWriting(parent: string, lines: number, how: Pace): Promise<Writing> {
  const directory = await mkdtemp(join(parent, 'writing-'))
  const doFile = join(directory, 'main.do')
  await writeFile(doFile, doFileText({ lines, how, directory }))
  return {
    doFile,
    bytes: how.type === 'paced' ? 0 : textBytes(lines),
    ready: () => appears(readyFile(directory)),
    async go() {
      await writeFile(goFile(directory), '')
      await appears(reportFile(directory))
      for (;;) {
        const text = await readFile(reportFile(directory), 'utf8')
        // Written by the engine of the same version.
        if (text !== '') return JSON.parse(text) as WritingReport
      }
    },
  }
}

const knownBytes = new Map<number, number>()

/** What so many lines take. */
export function textBytes(lines: number): number {
  const known = knownBytes.get(lines)
  if (known !== undefined) return known
  let bytes = 0
  for (const block of logText(lines)) bytes += block.length
  knownBytes.set(lines, bytes)
  return bytes
}

/** Waits for a file. */
async function appears(path: string): Promise<void> {
  while (!existsSync(path)) await sleep(5)
}
