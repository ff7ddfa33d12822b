import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { err, ok, type Result, type Role, TailgateError } from '@tailgate/shared'
import { errno } from './errno.ts'
import { addToken, emptyTokenBook, type RandomBytes, revokeToken, type TokenBook, tokenBookSchema } from './tokens.ts'

/**
 * The file that holds the tokens, shared by the gateway and `tailgate token`.
 *
 * It is replaced whole, by a rename, and read again when it has changed, so a revoked token ends at once. A file that
 * others could have read or written is not used at all. Writers take turns by the name of the new file, which exists
 * only while one of them is at work.
 */

/** A larger file is not ours. */
const MAX_TOKEN_FILE_BYTES = 1024 * 1024

export type TokenFileOptions = {
  readonly path: string
  /** Who must own the file: our own uid, or null where there are none. */
  readonly uid: number | null
  readonly randomBytes: RandomBytes
  readonly now: () => number
}

/** Every failure is `unavailable` and says what to do, except for the codes of `addToken` and `revokeToken`. */
export interface TokenFile {
  /** The tokens as the file has them now. */
  read(): Promise<Result<TokenBook, TailgateError>>
  /** Makes the file if there is none, with a first token, which is told only here; null if there was a file. */
  ensure(firstName: string): Promise<Result<string | null, TailgateError>>
  /** Adds a token and gives its only copy. */
  add(name: string, role: Role): Promise<Result<string, TailgateError>>
  revoke(name: string): Promise<Result<void, TailgateError>>
}

/** Makes one version of a file distinct from the next. */
type Version = { readonly ino: bigint; readonly ctimeNs: bigint; readonly size: bigint }

export function createTokenFile({ path, uid, randomBytes, now }: TokenFileOptions): TokenFile {
  let known: { readonly version: Version; readonly book: TokenBook } | null = null

  const refuse = (message: string, cause?: unknown) =>
    err(new TailgateError('unavailable', `The token file ${path} ${message}`, { cause }))

  async function read(): Promise<Result<TokenBook, TailgateError>> {
    try {
      const version = await stat(path, { bigint: true })
      if (known !== null && isSame(known.version, version)) return ok(known.book)
      known = null
      await using handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
      return await load(handle)
    } catch (error) {
      if (errno(error) === 'ENOENT') return refuse('is not there: tailgate token add makes it.', error)
      return refuse(`cannot be read (${errno(error) ?? 'error'}): use it as the user that runs the gateway.`, error)
    }
  }

  async function load(handle: FileHandle): Promise<Result<TokenBook, TailgateError>> {
    const version = await handle.stat({ bigint: true })
    if (!version.isFile()) return refuse('is not a regular file: move it away.')
    if (uid !== null && version.uid !== BigInt(uid)) {
      return refuse(`belongs to uid ${version.uid}, not to ${uid}, who runs this: change its owner, or delete it.`)
    }
    if ((version.mode & 0o077n) !== 0n) {
      return refuse(`can be read or written by others: chmod 600 ${path}, and replace its tokens if others are about.`)
    }
    if (version.size > MAX_TOKEN_FILE_BYTES) return refuse('is far too large to be one: move it away.')
    const parsed = tokenBookSchema.safeParse(parseJson(await handle.readFile('utf8')))
    if (!parsed.success) return refuse('is damaged: delete it, and tailgate token add makes a new one.', parsed.error)
    known = { version, book: parsed.data }
    return ok(parsed.data)
  }

  async function exists(): Promise<boolean> {
    return stat(path).then(
      () => true,
      (error: unknown) => errno(error) !== 'ENOENT',
    )
  }

  /** Changes the book while no other process does. */
  async function update<T>(
    change: (book: TokenBook) => Result<{ book: TokenBook; value: T }, TailgateError>,
  ): Promise<Result<T, TailgateError>> {
    const next = `${path}.new`
    let handle: FileHandle
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      handle = await open(next, 'wx', 0o600)
    } catch (error) {
      if (errno(error) === 'EEXIST') return refuse(`is being changed by another command; if none runs, delete ${next}.`)
      return refuse(`cannot be written (${errno(error) ?? 'error'}): check its directory.`, error)
    }
    let renamed = false
    try {
      const current = (await exists()) ? await read() : ok(emptyTokenBook(randomBytes))
      const changed = current.ok ? change(current.value) : current
      if (!changed.ok) return changed
      await handle.writeFile(`${JSON.stringify(changed.value.book, null, 2)}\n`)
      await handle.sync()
      await rename(next, path)
      renamed = true
      return ok(changed.value.value)
    } catch (error) {
      return refuse(`cannot be written (${errno(error) ?? 'error'}): check its directory and the free space.`, error)
    } finally {
      await handle.close()
      if (!renamed) await rm(next, { force: true })
    }
  }

  const add: TokenFile['add'] = (name, role) =>
    update((book) => {
      const added = addToken(book, { name, role, createdAt: new Date(now()).toISOString() }, randomBytes)
      return added.ok ? ok({ book: added.value.book, value: added.value.token }) : added
    })

  return {
    read,
    add,
    async ensure(firstName) {
      if (!(await exists())) return add(firstName, 'run')
      const current = await read()
      return current.ok ? ok(null) : current
    },
    revoke: (name) =>
      update((book) => {
        const revoked = revokeToken(book, name)
        return revoked.ok ? ok({ book: revoked.value, value: undefined }) : revoked
      }),
  }
}

function isSame(one: Version, other: Version): boolean {
  return one.ino === other.ino && one.ctimeNs === other.ctimeNs && one.size === other.size
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
