import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { endianness, userInfo } from 'node:os'
import { join } from 'node:path'
import { err, ok, type Result } from '@tailgate/shared'
import type { Logger } from 'pino'
import type { Settings } from './config/settings.ts'
import { type AuditLog, auditFiles, createAuditLog } from './security/audit-log.ts'
import { createAuthorizer } from './security/authorizer.ts'
import { checkExposure } from './security/exposure.ts'
import { isAllowedOrigin } from './security/hosts-and-origins.ts'
import { createLoginCodes } from './security/login-codes.ts'
import { createLogins, type Logins } from './security/logins.ts'
import { createOpenStreams, type OpenStreams } from './security/open-streams.ts'
import { createPeerUid } from './security/peer-uid.ts'
import type { RequestGuard } from './security/request-guard.ts'
import { socketInode } from './security/socket-inode.ts'
import { createTokenFile, type TokenFile } from './security/token-file.ts'

/** The parts of `security` wired to this machine: its users, its socket table, its token file. */

export type AccessControl = {
  readonly guard: RequestGuard
  readonly allowsOrigin: (origin: string) => boolean
  readonly logins: Logins
  readonly streams: OpenStreams
  readonly audit: AuditLog
  /** What the admin must know about the audit log, or null. */
  readonly auditProblem: () => string | null
  /** The token that was made because there was none; told only here. */
  readonly firstToken: string | null
  /** Whether the gateway's own user comes in without a token. */
  readonly trustsOwnUser: boolean
}

type AccessSettings = Pick<
  Settings,
  | 'auth'
  | 'host'
  | 'socket'
  | 'dataDir'
  | 'tokenFile'
  | 'auditFile'
  | 'allowHosts'
  | 'allowOrigins'
  | 'maxStreams'
  | 'maxStreamsPerCaller'
>

/** Decides who may call; the error is for the user, and nothing must be served then. */
export async function createAccessControl(
  settings: AccessSettings,
  log: Logger,
): Promise<Result<AccessControl, string>> {
  const { auth, host, socket, allowHosts, allowOrigins, maxStreams, maxStreamsPerCaller } = settings
  const user = currentUser()
  const tokens = openTokenFile(settings)
  const first = auth === 'none' ? ok(null) : await tokens.ensure(tokenName(user?.name))
  if (!first.ok) return err(first.error.message)
  const book = auth === 'none' ? null : await tokens.read()
  if (book?.ok === false) return err(book.error.message)
  const exposure = checkExposure({
    auth,
    host: socket === null ? host : null,
    tokens: book === null ? 0 : book.value.tokens.length,
  })
  if (!exposure.ok) return exposure
  if (exposure.value !== null) log.warn(exposure.value)

  const hosts = { allowedHosts: allowHosts, allowedOrigins: allowOrigins }
  const peerUid =
    process.platform === 'linux'
      ? createPeerUid({
          readTable: (path) => readFile(path, 'latin1'),
          littleEndian: endianness() === 'LE',
          inodeOf: socketInode,
        })
      : null
  let problem: string | null = null
  const audit = createAuditLog({
    path: auditPath(settings),
    files: auditFiles,
    now: Date.now,
    onProblem: (told) => {
      problem = told
      if (told === null) log.info('the audit log can be written again')
      else log.error(told)
    },
  })
  return ok({
    guard: createAuthorizer({ auth, hosts, readTokens: tokens.read, peerUid, user, now: Date.now }),
    allowsOrigin: (origin) => isAllowedOrigin(origin, hosts),
    logins: createLogins({
      readTokens: tokens.read,
      codes: createLoginCodes({ now: Date.now, randomBytes }),
      record: (entry) => audit.record(entry),
      now: Date.now,
      randomBytes,
    }),
    streams: createOpenStreams({ inAll: maxStreams, perCaller: maxStreamsPerCaller }),
    audit,
    auditProblem: () => problem,
    firstToken: first.value,
    trustsOwnUser: auth === 'auto' && socket === null && peerUid !== null && user !== null,
  })
}

/** The file that holds the tokens, for the gateway and for `tailgate token`. */
export function openTokenFile(settings: Pick<Settings, 'tokenFile' | 'dataDir'>): TokenFile {
  const uid = process.getuid?.() ?? null
  return createTokenFile({ path: tokenPath(settings), uid, randomBytes, now: Date.now })
}

/** What no request may reach although it may lie under a root: the gateway's own records and secrets. */
export function reservedPaths(settings: Pick<Settings, 'tokenFile' | 'auditFile' | 'dataDir'>): readonly string[] {
  return [settings.dataDir, tokenPath(settings), auditPath(settings)]
}

/** Where the tokens are kept. */
export function tokenPath({ tokenFile, dataDir }: Pick<Settings, 'tokenFile' | 'dataDir'>): string {
  return tokenFile ?? join(dataDir, 'tokens.json')
}

function auditPath({ auditFile, dataDir }: Pick<Settings, 'auditFile' | 'dataDir'>): string {
  return auditFile ?? join(dataDir, 'audit.jsonl')
}

/** Whom this process runs as; null where users have no uid. */
function currentUser(): { uid: number; name: string } | null {
  const uid = process.getuid?.()
  if (uid === undefined) return null
  try {
    return { uid, name: userInfo().username }
  } catch {
    // Containers run as users that no file knows.
    return { uid, name: `uid ${uid}` }
  }
}

/** A name that a token may have: the user's, unless it has characters that a token's name may not have. */
function tokenName(user: string | undefined): string {
  return user !== undefined && /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/.test(user) ? user : 'owner'
}
