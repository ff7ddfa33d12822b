import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LineIndex } from './line-index.ts'

/** The files beside a run's log that spare reading it again: line index, line kinds, and how far they go. */

/** Base name of the engine's log and of everything derived from it. */
const LOG_NAME = 'run'

export const logPath = (runDir: string) => join(runDir, `${LOG_NAME}.log`)
export const kindsPath = (runDir: string) => join(runDir, `${LOG_NAME}.kinds`)
const indexPath = (runDir: string) => join(runDir, `${LOG_NAME}.index`)
const checkpointPath = (runDir: string) => join(runDir, `${LOG_NAME}.checkpoint`)

/** How far a log has been read, with what the reader knew there. */
export type Checkpoint = {
  readonly generation: number
  readonly bytes: number
  readonly lines: number
  /** State of the log parser; its own business. */
  readonly parser: unknown
}

/** Written whole or not at all; the checkpoint last, since it vouches for the index. */
export async function saveCheckpoint(runDir: string, checkpoint: Checkpoint, index: LineIndex): Promise<void> {
  await replaceFile(indexPath(runDir), index.toBytes())
  await replaceFile(checkpointPath(runDir), JSON.stringify(checkpoint))
}

/** Null when there is none, or it does not fit the log: then the log is read from its beginning. */
export async function loadCheckpoint(runDir: string): Promise<{ checkpoint: Checkpoint; index: LineIndex } | null> {
  try {
    const checkpoint: unknown = JSON.parse(await readFile(checkpointPath(runDir), 'utf8'))
    if (!isCheckpoint(checkpoint)) return null
    const { size } = await stat(logPath(runDir))
    const kinds = await stat(kindsPath(runDir))
    const index = LineIndex.fromBytes(await readFile(indexPath(runDir)))
    if (index === null || size < checkpoint.bytes || kinds.size < checkpoint.lines) return null
    index.truncate(checkpoint.lines + 1)
    return { checkpoint, index }
  } catch {
    return null
  }
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false
  const counts = ['generation', 'bytes', 'lines'].map((name) => Reflect.get(value, name))
  return counts.every((count) => Number.isSafeInteger(count)) && 'parser' in value
}

async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  await writeFile(`${path}.new`, content)
  await rename(`${path}.new`, path)
}
