import { basename } from 'node:path'
import { ok, type Result, type TailgateError } from '@tailgate/shared'
import type { OpenArtifact } from './runs/run-service.ts'
import type { PathPolicy } from './security/path-policy.ts'

/**
 * A file that a run saved, opened under the path policy and served from that very opening: `/dev/fd/N` leads to the
 * file that was judged, so swapping what lies at its path gains nothing. Windows has no such path, and no such policy
 * (see SECURITY.md).
 */
export async function openArtifact(
  path: string,
  paths: Pick<PathPolicy, 'openArtifact'>,
): Promise<Result<OpenArtifact, TailgateError>> {
  const opened = await paths.openArtifact(path)
  if (!opened.ok) return opened
  const { handle, bytes, path: realPath } = opened.value
  return ok({
    name: basename(realPath),
    bytes,
    path: process.platform === 'win32' ? realPath : `/dev/fd/${handle.fd}`,
    [Symbol.asyncDispose]: () => handle.close(),
  })
}
