import { open, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { LineIndex } from './line-index.ts'

/** The files beside a run's log that spare reading it again: line index, line kinds, and how far they go. */

/** Base name of the engine's log and of everything derived from it. */
const LOG_NAME = 'run'

export const logPath = (runDir: string) => join(runDir, `${LOG_NAME}.log`)
export const kindsPath = (runDir: string) => join(runDir, `${LOG_NAME}.kinds`)
const indexPath = (runDir: string) => join(runDir, `${LOG_NAME}.index`)
const checkpointPath = (runDir: string) => join(runDir, `${LOG_NAME}.checkpoint`)

/** Bytes before the checkpoint by which the log is known again. */
const GUARD_BYTES = 64

/** How far a log has been read, with what the reader knew there. */
export type Checkpoint = {
  readonly generation: number
  readonly bytes: number
  readonly lines: number
  /** State of the log parser; its own business. */
  readonly parser: unknown
}

export type SavedLog = {
  /** Of the log as it lies there now. */
  readonly generation: number
  /** Null when the log must be read from its beginning. */
  readonly resume: { readonly checkpoint: Checkpoint; readonly index: LineIndex } | null
}

/** Written whole or not at all; the checkpoint last, since it vouches for the index. One call after another. */
export async function saveCheckpoint(runDir: string, checkpoint: Checkpoint, index: LineIndex): Promise<void> {
  const guard = await readGuard(runDir, checkpoint.bytes)
  await replaceFile(indexPath(runDir), index.toBytes())
  await replaceFile(checkpointPath(runDir), JSON.stringify({ ...checkpoint, guard }))
}

/** Null when there is no checkpoint. */
export async function loadCheckpoint(runDir: string): Promise<SavedLog | null> {
  try {
    const checkpoint: unknown = JSON.parse((await readSealed(checkpointPath(runDir))).toString())
    if (!isCheckpoint(checkpoint)) return null
    const { generation, bytes, lines } = checkpoint
    const sameLog = (await readGuard(runDir, bytes)) === checkpoint.guard
    if (!sameLog) return { generation: generation + 1, resume: null }
    const index = LineIndex.fromBytes(await readSealed(indexPath(runDir)).catch(() => Buffer.alloc(0)))
    const kinds = await stat(kindsPath(runDir)).catch(() => ({ size: 0 }))
    if (index === null || kinds.size < lines) return { generation, resume: null }
    index.truncate(lines + 1)
    return { generation, resume: { checkpoint, index } }
  } catch {
    return null
  }
}

/** The last bytes before `end` in base64; fewer than there should be when the log is shorter. */
async function readGuard(runDir: string, end: number): Promise<string> {
  const guard = Buffer.alloc(Math.min(GUARD_BYTES, end))
  if (guard.length === 0) return ''
  try {
    await using log = await open(logPath(runDir), 'r')
    const { bytesRead } = await log.read(guard, 0, guard.length, end - guard.length)
    return guard.toString('base64', 0, bytesRead)
  } catch {
    return ''
  }
}

function isCheckpoint(value: unknown): value is Checkpoint & { readonly guard: string } {
  if (typeof value !== 'object' || value === null) return false
  const counts = ['generation', 'bytes', 'lines'].map((name) => Reflect.get(value, name))
  const areCounts = counts.every((count) => Number.isSafeInteger(count) && count >= 0)
  return areCounts && 'parser' in value && 'guard' in value && typeof value.guard === 'string'
}

/** Length of the seal: the content's checksum in hexadecimal digits. */
const SEAL_BYTES = 8

async function replaceFile(path: string, content: string | Buffer): Promise<void> {
  await writeFile(`${path}.new`, Buffer.concat([Buffer.from(content), Buffer.from(sealOf(content))]))
  await rename(`${path}.new`, path)
}

/** Rejects when the content is not what was written: a wrong index would give lines the wrong numbers. */
async function readSealed(path: string): Promise<Buffer> {
  const bytes = await readFile(path)
  const content = bytes.subarray(0, Math.max(0, bytes.length - SEAL_BYTES))
  if (sealOf(content) !== bytes.toString('latin1', content.length)) throw new Error(`${path} is damaged`)
  return content
}

function sealOf(content: string | Buffer): string {
  return crc32(content).toString(16).padStart(SEAL_BYTES, '0')
}
