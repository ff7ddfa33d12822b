import type { FileHandle } from 'node:fs/promises'
import { MAX_SOURCE_BYTES, type Source } from '@tailgate/shared'
import { decodeLines } from './decode-lines.ts'

/** The text of an open do-file, as far as it is shown; `path` is what it is told as. */
export async function readSource(handle: FileHandle, path: string): Promise<Source> {
  const { size, mtime } = await handle.stat()
  const buffer = Buffer.alloc(Math.min(size, MAX_SOURCE_BYTES))
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
  const truncated = size > MAX_SOURCE_BYTES
  const text = decodeText(buffer.subarray(0, bytesRead), truncated)
  return { path, text, bytes: size, modifiedAt: mtime.toISOString(), truncated }
}

/** Line ends become LF. Of a text that was cut, the last line goes: it may end in the middle of a letter. */
function decodeText(bytes: Buffer, cut: boolean): string {
  const end = bytes.lastIndexOf('\n') + 1
  const lines = decodeLines(bytes.subarray(0, end))
  const rest = bytes.subarray(end)
  if (rest.length > 0 && !cut) lines.push(...decodeLines(Buffer.concat([rest, Buffer.from('\n')])))
  else if (lines.length > 0) lines.push('')
  return lines.join('\n')
}
