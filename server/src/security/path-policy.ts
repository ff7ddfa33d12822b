import type { FileHandle } from 'node:fs/promises'
import { basename, dirname, isAbsolute } from 'node:path'
import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import { errno } from './errno.ts'
import type { FileAccess, FileStatus } from './file-access.ts'
import { hasExtension, isInside, nameHint, textProblem, withDoExtension } from './path-text.ts'
import { quoted } from './printable.ts'

/**
 * Which files may be run, run in, and served: those whose real path lies under an allowed root.
 *
 * The kernel resolves paths, never this code: `..` after a symlink means what the kernel says. Real paths are compared
 * byte for byte, so folding of case or Unicode can refuse too much but never admit too much. What lies outside the
 * roots gives one and the same answer whether it exists or not. An artifact is handed over open, and a do-file was
 * open when it was judged: the kernel's own path of the open file decides, so swapping a directory or a symlink in
 * between gains nothing. Whoever can write under a root can still change a do-file before the engine reads it, which
 * is no more than writing one.
 */

/** How often a file that is replaced in the very moment of opening is tried again. */
const OPEN_ATTEMPTS = 3

/** Of the names in a directory, as many are read. */
const MAX_NAMES = 10_000

/** Trees of the kernel, where a "regular file" may be a process's memory or secrets. A root inside one admits itself. */
const KERNEL_TREES = ['/proc', '/sys', '/dev']

export type PathPolicyOptions = {
  /** Absolute paths; a relative request is taken from the first. Resolved anew for each request. */
  readonly roots: readonly [string, ...string[]]
  /** Directories that are refused although they lie under a root: the gateway's own. */
  readonly reserved: readonly string[]
  readonly files: FileAccess
}

/** A file that was checked and is held open: read from the handle, and close it. */
export type OpenedFile = {
  readonly path: string
  readonly handle: FileHandle
  readonly bytes: number
  readonly modifiedAt: Date
}

/** The names in a directory, in no order. */
export type ListedDirectory = {
  readonly path: string
  readonly names: readonly string[]
  /** False when it holds more than MAX_NAMES, and only some are given. */
  readonly complete: boolean
}

export interface PathPolicy {
  /**
   * The real path of a do-file that may be run. Without an extension `.do` is added, as Stata does.
   * Fails with `bad-request`, `forbidden`, `not-found`, or `unavailable` when a root or its file system is gone.
   */
  resolveDoFile(path: string): Promise<Result<{ readonly path: string }, TailgateError>>
  /** The real path of a directory that a run may start in. Fails as {@link PathPolicy.resolveDoFile} does. */
  resolveWorkingDir(path: string): Promise<Result<{ readonly path: string }, TailgateError>>
  /** Opens a file that a run says it saved. Fails as {@link PathPolicy.resolveDoFile} does. */
  openArtifact(path: string): Promise<Result<OpenedFile, TailgateError>>
  /** Opens a do-file that may be run. Fails as {@link PathPolicy.resolveDoFile} does. */
  openDoFile(path: string): Promise<Result<OpenedFile, TailgateError>>
  /** The names in a directory that a run may start in. Fails as {@link PathPolicy.resolveDoFile} does. */
  listDirectory(path: string): Promise<Result<ListedDirectory, TailgateError>>
  /** Whether something is at this path, and under an allowed root. */
  admits(path: string): Promise<boolean>
  /** Real paths of the roots that can be reached now. */
  reachableRoots(): Promise<readonly string[]>
}

/** Names of the request's parameters, for `details.parameter`. */
type Parameter = 'file' | 'workingDir' | 'artifact' | 'path'

/** One path on its way through the checks. */
type Question = { readonly requested: string; readonly parameter: Parameter }

type RealRoots = { readonly allowed: readonly string[]; readonly reserved: readonly string[] }

export function createPathPolicy({ roots, reserved, files }: PathPolicyOptions): PathPolicy {
  const refuse = (code: TailgateError['code'], { parameter }: Question, message: string) =>
    err(new TailgateError(code, message, { details: { parameter } }))

  const outside = (question: Question) =>
    refuse(
      'forbidden',
      question,
      `${quoted(question.requested)} is not under an allowed root (${roots.map((root) => quoted(root)).join(', ')}), ` +
        'or is a link to elsewhere: use a path under one of them, or start the gateway with --root for that place.',
    )

  /** Whoever has several roots may have meant another one. */
  const whereLooked = ({ requested }: Question) =>
    isAbsolute(requested) || roots[0] === undefined ? '' : ` in ${quoted(roots[0])}, the first root`

  const unreachable = (question: Question, what: string) =>
    refuse('unavailable', question, `${what} cannot be reached now: check that its file system is mounted.`)

  async function realRoots(): Promise<RealRoots> {
    const real = (paths: readonly string[]) => Promise.all(paths.map((path) => files.realpath(path).catch(() => null)))
    const [allowed, kept] = await Promise.all([real(roots), real(reserved)])
    return { allowed: allowed.filter((path) => path !== null), reserved: kept.filter((path) => path !== null) }
  }

  /** Resolves a path and admits it; what it is comes later. */
  async function resolve(question: Question): Promise<Result<{ path: string; real: RealRoots }, TailgateError>> {
    const problem = textProblem(question.requested)
    if (problem !== null) return refuse('bad-request', question, `${quoted(question.requested)} ${problem}.`)
    // Joined as text: normalizing would drop `link/..` before the kernel can say where the link leads.
    const absolute = isAbsolute(question.requested) ? question.requested : `${roots[0]}/${question.requested}`
    const [real, found] = await Promise.all([
      realRoots(),
      files.realpath(absolute).then(
        (path) => ok(path),
        (error: unknown) => err(errno(error)),
      ),
    ])
    if (real.allowed.length === 0) return unreachable(question, 'The allowed roots')
    if (!found.ok) return explainUnresolved(question, absolute, real, found.error)
    const path = found.value
    return isAllowed(path, real) ? ok({ path, real }) : outside(question)
  }

  /**
   * Why a path has no real path. The nearest ancestor that has one decides: outside the roots, the answer is the one
   * that an existing file gets. So it is for a symlink that leads nowhere, since where it points may be outside.
   */
  async function explainUnresolved(question: Question, absolute: string, real: RealRoots, code: string | undefined) {
    for (let path = absolute; dirname(path) !== path; path = dirname(path)) {
      const parent = await files.realpath(dirname(path)).catch(() => null)
      if (parent === null) continue
      if (!isAllowed(parent, real)) return outside(question)
      const entry = await files.lstat(`${parent}/${basename(path)}`).catch(() => null)
      return entry?.isSymbolicLink() ? outside(question) : systemRefusal(question, code)
    }
    return outside(question)
  }

  /** A failed call on something under a root, for the user. */
  function systemRefusal(question: Question, code: string | undefined) {
    const name = quoted(question.requested)
    switch (code) {
      case 'ENOENT':
      case 'ENOTDIR':
        return refuse(
          'not-found',
          question,
          `${name} does not exist${whereLooked(question)}.${nameHint(question.requested)}`,
        )
      case 'EACCES':
      case 'EPERM':
        return refuse('forbidden', question, `${name} may not be read by the user that runs the gateway.`)
      case 'ENAMETOOLONG':
        return refuse('bad-request', question, `${name} is too long for the file system.`)
      default:
        return unreachable(question, name)
    }
  }

  /** Opens a resolved path so that what was checked is what is open. The caller closes the handle. */
  async function openChecked(question: Question): Promise<Result<OpenedFile, TailgateError>> {
    const resolved = await resolve(question)
    if (!resolved.ok) return resolved
    const { path, real } = resolved.value
    for (let attempt = 0; attempt < OPEN_ATTEMPTS; attempt += 1) {
      let handle: FileHandle | undefined
      try {
        // Looked at before it is opened: opening some devices acts on them.
        const found = await files.lstat(path)
        if (!found.isFile() && !found.isSymbolicLink()) {
          const message = `${quoted(question.requested)} is ${kindOf(found)}, not a regular file.`
          return refuse('bad-request', question, message)
        }
        handle = await files.openFile(path)
        const where = await whereItLies(handle, path)
        // Asked last: a file that still has a name now had that name when the kernel told it.
        const opened = await handle.stat({ bigint: true })
        if (where !== null && opened.isFile() && opened.nlink > 0n) {
          if (!isAllowed(where, real)) return outside(question)
          const artifact = { path: where, handle, bytes: Number(opened.size), modifiedAt: opened.mtime }
          handle = undefined
          return ok(artifact)
        }
      } catch (error) {
        const code = errno(error)
        // Gone or become a symlink since it was resolved: replaced, most likely, so look again.
        if (code !== 'ENOENT' && code !== 'ELOOP') return systemRefusal(question, code)
      } finally {
        await handle?.close()
      }
    }
    return refuse('not-found', question, `${quoted(question.requested)} changed while it was being opened: try again.`)
  }

  /** The path of an open file: the kernel's word, or else the path we opened if the same file is still there. */
  async function whereItLies(handle: FileHandle, path: string): Promise<string | null> {
    const told = await files.openedPath(handle)
    if (told !== null) return told
    const opened = await handle.stat({ bigint: true })
    const again = await files.realpath(path)
    const there = await files.lstat(again)
    return there.dev === opened.dev && there.ino === opened.ino ? again : null
  }

  /** `name.do` was looked for and not found, but `name` is there: say what it is. */
  async function explainWithoutExtension(requested: string, error: TailgateError) {
    if (error.code !== 'not-found' || withDoExtension(requested) === requested) return null
    const named = await openChecked({ requested, parameter: 'file' })
    if (!named.ok) return named.error.code === 'bad-request' ? named : null
    await named.value.handle.close()
    return refuse(
      'bad-request',
      { requested, parameter: 'file' },
      `${quoted(requested)} has no extension: Stata would run ${quoted(withDoExtension(requested))}, which does not ` +
        'exist. Rename the file.',
    )
  }

  async function openDoFile(requested: string): Promise<Result<OpenedFile, TailgateError>> {
    const opened = await openChecked({ requested: withDoExtension(requested), parameter: 'file' })
    if (!opened.ok) return (await explainWithoutExtension(requested, opened.error)) ?? opened
    if (hasExtension(opened.value.path)) return opened
    await opened.value.handle.close()
    return refuse(
      'bad-request',
      { requested, parameter: 'file' },
      `${quoted(requested)} is a link to a file without an extension, and Stata would run another one, ending in .do: ` +
        'rename that file.',
    )
  }

  async function resolveDirectory(
    question: Question,
  ): Promise<Result<{ path: string; real: RealRoots }, TailgateError>> {
    const resolved = await resolve(question)
    if (!resolved.ok) return resolved
    const { path } = resolved.value
    const [status, searchable] = await Promise.allSettled([files.lstat(path), files.checkSearchable(path)])
    if (status.status === 'rejected') return systemRefusal(question, errno(status.reason))
    if (!status.value.isDirectory()) {
      return refuse(
        'bad-request',
        question,
        `${quoted(question.requested)} is ${kindOf(status.value)}, not a directory.`,
      )
    }
    return searchable.status === 'rejected' ? systemRefusal(question, errno(searchable.reason)) : resolved
  }

  return {
    async resolveDoFile(requested) {
      const opened = await openDoFile(requested)
      if (!opened.ok) return opened
      const { path, handle } = opened.value
      // Nobody has to wait for that.
      handle.close().catch(() => {})
      return ok({ path })
    },
    async resolveWorkingDir(requested) {
      const resolved = await resolveDirectory({ requested, parameter: 'workingDir' })
      return resolved.ok ? ok({ path: resolved.value.path }) : resolved
    },
    openDoFile,
    async listDirectory(requested) {
      const question: Question = { requested, parameter: 'path' }
      const resolved = await resolveDirectory(question)
      if (!resolved.ok) return resolved
      const { path, real } = resolved.value
      try {
        const { openedPath, names } = await files.readDirectory(path, MAX_NAMES + 1)
        // Where the kernel says that the names come from: the directory may have been replaced since it was resolved.
        if (openedPath !== null && !isAllowed(openedPath, real)) return outside(question)
        return ok({ path: openedPath ?? path, names: names.slice(0, MAX_NAMES), complete: names.length <= MAX_NAMES })
      } catch (error) {
        return systemRefusal(question, errno(error))
      }
    },
    async admits(requested) {
      return (await resolve({ requested, parameter: 'path' })).ok
    },
    async reachableRoots() {
      return (await realRoots()).allowed
    },
    openArtifact: (requested) => openChecked({ requested, parameter: 'artifact' }),
  }
}

function isAllowed(path: string, { allowed, reserved }: RealRoots): boolean {
  const tree = KERNEL_TREES.find((kernel) => isInside(path, kernel))
  return (
    textProblem(path) === null &&
    allowed.some((root) => isInside(path, root) && (tree === undefined || isInside(root, tree))) &&
    !reserved.some((directory) => isInside(path, directory))
  )
}

function kindOf(status: FileStatus): string {
  if (status.isDirectory()) return 'a directory'
  if (status.isFile()) return 'a file'
  if (status.isFIFO()) return 'a named pipe'
  if (status.isSocket()) return 'a socket'
  return 'a device'
}
