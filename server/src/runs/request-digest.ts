import { createHash } from 'node:crypto'

/** What makes two starts the same, beside their run key. */
export type DigestedRequest = {
  readonly file: string
  readonly args: readonly string[]
  /** Null for the do-file's own. */
  readonly workingDir: string | null
  readonly timeoutMs: number | null
  readonly cancelOnDisconnect: boolean
}

/** Hash of a start request, to tell a repeated start from a run key that is used for something else. */
export function requestDigest({ file, args, workingDir, timeoutMs, cancelOnDisconnect }: DigestedRequest): string {
  const parts = JSON.stringify([file, args, workingDir, timeoutMs, cancelOnDisconnect])
  return createHash('sha256').update(parts).digest('hex')
}
