import { lstat, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import {
  err,
  type FileList,
  MAX_DIRECTORY_ENTRIES,
  ok,
  type Result,
  type Source,
  TailgateError,
} from '@tailgate/shared'
import { readSource } from '../lines/read-source.ts'
import type { PathPolicy } from '../security/path-policy.ts'
import { quoted } from '../security/printable.ts'

/** Looking around under the allowed roots. What may be seen, the path policy decides; this says what it looks like. */
export interface FileBrowser {
  /** A directory, or the roots. Fails as the path policy does. */
  list(path: string | undefined): Promise<Result<FileList, TailgateError>>
  /** The text of a do-file that may be run: `.do` or `.ado`, and nothing else. Fails as the path policy does. */
  read(path: string): Promise<Result<Source, TailgateError>>
}

type Entry = FileList['entries'][number]

export function createFileBrowser(
  paths: Pick<PathPolicy, 'reachableRoots' | 'admits' | 'listDirectory' | 'openDoFile'>,
): FileBrowser {
  /** An entry as it is; null for what may not be seen, and for what is no file or directory. */
  async function describe(path: string, name: string): Promise<Entry | null> {
    const own = await lstat(path).catch(() => null)
    const isLink = own?.isSymbolicLink() === true
    // What a link leads to may lie anywhere, and a directory may be the gateway's own.
    if (own === null || ((isLink || own.isDirectory()) && !(await paths.admits(path)))) return null
    const status = isLink ? await stat(path).catch(() => null) : own
    const modifiedAt = status?.mtime.toISOString() ?? ''
    if (status?.isDirectory()) return { name, path, kind: 'directory', bytes: null, modifiedAt }
    if (!status?.isFile()) return null
    return { name, path, kind: isDoFile(name) ? 'do-file' : 'file', bytes: status.size, modifiedAt }
  }

  async function describeAll(all: readonly string[], nameOf: (path: string) => string): Promise<Entry[]> {
    const entries = await Promise.all(all.map((path) => describe(path, nameOf(path))))
    return entries.filter((entry) => entry !== null).sort(byKindAndName)
  }

  return {
    async list(requested) {
      if (requested === undefined) {
        const entries = await describeAll(await paths.reachableRoots(), (path) => path)
        return ok({ path: null, parent: null, entries, truncated: false })
      }
      const listed = await paths.listDirectory(requested)
      if (!listed.ok) return listed
      const { path, names, complete } = listed.value
      const visible = names.filter((name) => !name.startsWith('.')).sort(collator.compare)
      const shown = visible.slice(0, MAX_DIRECTORY_ENTRIES).map((name) => join(path, name))
      const above = dirname(path)
      return ok({
        path,
        parent: above !== path && (await paths.admits(above)) ? above : null,
        entries: await describeAll(shown, basename),
        truncated: !complete || shown.length < visible.length,
      })
    },

    async read(requested) {
      const opened = await paths.openDoFile(requested)
      if (!opened.ok) return opened
      const { handle, path } = opened.value
      try {
        // By the real path: whoever may only watch shall not read data and secrets by a link, or because Stata would.
        if (!isDoFile(path)) return err(notADoFile(requested))
        return ok(await readSource(handle, path))
      } finally {
        await handle.close()
      }
    },
  }
}

function isDoFile(path: string): boolean {
  return /\.(do|ado)$/i.test(path)
}

function notADoFile(path: string): TailgateError {
  const message = `${quoted(path)} is no do-file: only files that end in .do or .ado are shown.`
  return new TailgateError('bad-request', message, { details: { parameter: 'path' } })
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function byKindAndName(a: Entry, b: Entry): number {
  const directoriesFirst = Number(b.kind === 'directory') - Number(a.kind === 'directory')
  return directoriesFirst || collator.compare(a.name, b.name) || (a.name < b.name ? -1 : 1)
}
