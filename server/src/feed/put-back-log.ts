import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { LogHandle } from './log-handle.ts'

const COPY_BYTES = 1024 * 1024

/**
 * Writes a log that was deleted back to its path, from what is still open of it; to be called once nobody writes it any
 * more. Gives whether a log with all the `bytes` that were read lies there now.
 */
export async function putBackLog({ path, read }: LogHandle, bytes: number): Promise<boolean> {
  const isThere = await stat(path).catch(() => null)
  if (isThere !== null) return isThere.size >= bytes
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const copy = `${path}.new`
  try {
    const isWhole = await copyBytes(read, bytes, copy)
    if (isWhole) await rename(copy, path)
    return isWhole
  } finally {
    await rm(copy, { force: true })
  }
}

async function copyBytes(read: LogHandle['read'], length: number, path: string): Promise<boolean> {
  await using file = await open(path, 'w', 0o600)
  const buffer = Buffer.allocUnsafe(Math.min(COPY_BYTES, length))
  for (let at = 0; at < length; ) {
    const count = await read(buffer.subarray(0, Math.min(buffer.length, length - at)), at)
    if (count === 0) return false
    await file.writeFile(buffer.subarray(0, count))
    at += count
  }
  return true
}
