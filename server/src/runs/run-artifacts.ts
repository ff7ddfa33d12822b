import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Artifact } from '@tailgate/shared'

/** A file that the log says was saved. */
export type SavedFile = { readonly path: string; readonly kind: Artifact['kind']; readonly logLine: number }

/** The saved files with what the file system says of them now. */
export async function describeArtifacts(saved: readonly SavedFile[]): Promise<Artifact[]> {
  return await Promise.all(saved.map(describeArtifact))
}

/** A saved file with what the file system says of it now. */
async function describeArtifact({ path, kind, logLine }: SavedFile, index: number): Promise<Artifact> {
  const status = await stat(path).catch(() => null)
  const isFile = status?.isFile() === true
  return {
    index,
    path,
    name: basename(path),
    kind,
    bytes: isFile ? status.size : null,
    modifiedAt: isFile ? status.mtime.toISOString() : null,
    logLine,
  }
}
