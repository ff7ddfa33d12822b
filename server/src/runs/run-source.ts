import { createWriteStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Source } from '@tailgate/shared'
import { readSource } from '../lines/read-source.ts'

/**
 * The do-file as it was when its run was launched: a copy in the run's directory, since the file may be changed while
 * its run is still going. (Stata itself reads the file a moment later.)
 */

const sourcePath = (runDir: string) => join(runDir, 'source.txt')

/** Of a longer do-file the rest is not kept: a sparse file would fill the disk. */
const MAX_KEPT_BYTES = 16 * 1024 * 1024

/** Copies an open do-file. */
export async function keepSource(doFile: FileHandle, runDir: string): Promise<void> {
  const part = doFile.createReadStream({ start: 0, end: MAX_KEPT_BYTES - 1, autoClose: false })
  await pipeline(part, createWriteStream(sourcePath(runDir)))
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
