import { createHash, timingSafeEqual } from 'node:crypto'
import { err, ok, type Result, roleSchema, TailgateError } from '@tailgate/shared'
import * as z from 'zod'
import { quoted } from './printable.ts'

/**
 * Named tokens and what they allow. Only digests are kept: a token is 256 random bits, so an unsalted SHA-256 of it
 * can neither be guessed nor looked up, and a slow hash would only slow down the gateway.
 */

const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/,
    'must be 1 to 64 letters, digits or ._@- and begin with one of the first two',
  )

const tokenRecordSchema = z.strictObject({
  /** Goes into Run records and the audit log. */
  name: nameSchema,
  role: roleSchema,
  /** SHA-256 of the token, hexadecimal. Also names the token to the sessions that were opened with it. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** ISO 8601. */
  createdAt: z.string(),
})
export type TokenRecord = z.infer<typeof tokenRecordSchema>

/** More tokens than this are a mistake. */
const MAX_TOKENS = 1_000

/** Contents of the token file. */
export const tokenBookSchema = z.strictObject({
  version: z.literal(1),
  /** Signs session cookies; 32 random bytes, base64url. Another one ends every session. */
  sessionKey: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  tokens: z.array(tokenRecordSchema).max(MAX_TOKENS),
})
export type TokenBook = z.infer<typeof tokenBookSchema>

/** Gives so many unpredictable bytes. */
export type RandomBytes = (count: number) => Buffer

/** A book without tokens. */
export function emptyTokenBook(randomBytes: RandomBytes): TokenBook {
  return { version: 1, sessionKey: randomBytes(32).toString('base64url'), tokens: [] }
}

/** Adds a token. `token` is its only copy: the book has the digest. */
export function addToken(
  book: TokenBook,
  { name, role, createdAt }: Omit<TokenRecord, 'digest'>,
  randomBytes: RandomBytes,
): Result<{ book: TokenBook; token: string }, TailgateError> {
  const checked = nameSchema.safeParse(name)
  if (!checked.success)
    return err(new TailgateError('bad-request', `A token's name ${checked.error.issues[0]?.message}.`))
  if (book.tokens.some((token) => token.name === name)) {
    return err(
      new TailgateError('conflict', `There is a token ${quoted(name)} already: revoke it or take another name.`),
    )
  }
  if (book.tokens.length >= MAX_TOKENS) {
    return err(new TailgateError('conflict', `There are ${MAX_TOKENS} tokens already: revoke those no longer in use.`))
  }
  // The prefix lets scanners find a token that slipped into a repository.
  const token = `tailgate_${randomBytes(32).toString('base64url')}`
  const record: TokenRecord = { name, role, digest: digest(token).toString('hex'), createdAt }
  return ok({ book: { ...book, tokens: [...book.tokens, record] }, token })
}

/** Removes a token; the sessions that were opened with it end too. */
export function revokeToken(book: TokenBook, name: string): Result<TokenBook, TailgateError> {
  const tokens = book.tokens.filter((token) => token.name !== name)
  if (tokens.length === book.tokens.length) {
    return err(new TailgateError('not-found', `There is no token ${quoted(name)}: tailgate token list shows them.`))
  }
  return ok({ ...book, tokens })
}

/** The record of a token that a caller shows, or null. Takes the same time whichever it is and however wrong it is. */
export function findToken(book: TokenBook, presented: string): TokenRecord | null {
  const shown = digest(presented)
  let found: TokenRecord | null = null
  for (const token of book.tokens) {
    if (timingSafeEqual(Buffer.from(token.digest, 'hex'), shown)) found = token
  }
  return found
}

function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
