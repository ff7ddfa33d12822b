import { createWriteStream } from 'node:fs'
import { type FileHandle, open, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Source } from '@tailgate/shared'
import { readSource } from '../lines/read-source.ts'
import { type DoFileOutline, outlineDoFile } from '../stata/log/do-file-outline.ts'

/**
 * The do-file as it was when its run was launched: a copy in the run's directory, since the file may be changed while
 * its run is still going. (Stata itself reads the file a moment later.)
 */

const sourcePath = (runDir: string) => join(runDir, 'source.txt')

/** Of a longer do-file the rest is not kept: a sparse file would fill the disk. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024

/** Of a longer do-file the statements are not counted: reading them would keep everybody else waiting. */
const MAX_OUTLINE_BYTES = 1024 * 1024

/** Copies an open do-file of so many bytes. Its outline; null of a long one. The copy is there when all of it is. */
export async function keepSource(doFile: FileHandle, bytes: number, runDir: string): Promise<DoFileOutline | null> {
  const copy = `${sourcePath(runDir)}.new`
  const isLong = bytes > MAX_OUTLINE_BYTES
  const content = isLong ? null : await readBeginning(doFile, bytes)
  if (content === null) {
    const part = doFile.createReadStream({ start: 0, end: MAX_KEPT_BYTES - 1, autoClose: false })
    await pipeline(part, createWriteStream(copy))
  } else {
    await writeFile(copy, content)
  }
  await rename(copy, sourcePath(runDir))
  return content === null ? null : outlineDoFile(content.toString('utf8'))
}

/** The outline of an open do-file of so many bytes; null of a long one. */
export async function readOutline(doFile: FileHandle, bytes: number): Promise<DoFileOutline | null> {
  if (bytes > MAX_OUTLINE_BYTES) return null
  return outlineDoFile((await readBeginning(doFile, bytes)).toString('utf8'))
}

async function readBeginning(file: FileHandle, bytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytes)
  const { bytesRead } = await file.read(buffer, 0, bytes, 0)
  return buffer.subarray(0, bytesRead)
}

/** The copy as text; null when there is none. `file` is the do-file's own path. */
export async function readKeptSource(runDir: string, file: string): Promise<Source | null> {
  const handle = await open(sourcePath(runDir), 'r').catch(() => null)
  if (handle === null) return null
  try {
    return await readSource(handle, file)
  } finally {
    await handle.close()
  }
}
