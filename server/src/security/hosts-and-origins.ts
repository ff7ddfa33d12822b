import { err, ok, type Result, TailgateError } from '@tailgate/shared'
import { canonicalAddress, isLoopback } from './ip-address.ts'
import { quoted } from './printable.ts'
import type { Access } from './request-guard.ts'

/**
 * Is this request meant for us, and did our own pages or a program send it? A pure function of its headers.
 *
 * - Host: a page of another site whose name was re-pointed at this machine (DNS rebinding) still says its own name.
 *   An IP address cannot be re-pointed, so the one that the connection came in on is always ours.
 * - Origin and Sec-Fetch-Site: pages of other sites, of other ports and of `null` origins may neither read nor act.
 *   A scheme is not compared: behind a TLS proxy ours is not the one that the browser sees.
 * - Acting needs intent: HEAD, prefetches, and the page loads that follow a link, an address bar's guess or a reload
 *   start nothing. A browser too old to say where a GET comes from cannot act by GET at all.
 */

/** The parts of a request that matter here; undefined stands for an absent header. */
export type RequestHead = {
  readonly method: string | undefined
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly userAgent: string | undefined
  /** `Sec-Fetch-Site`, `-Mode` and `-Dest` (W3C Fetch Metadata). */
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
  readonly fetchDest: string | undefined
  /** `Sec-Purpose`, or its forerunners `Purpose`, `X-Purpose` and `X-Moz`. */
  readonly purpose: string | undefined
  /** The address that the connection came in on; undefined for a Unix socket. */
  readonly localAddress: string | undefined
}

export type HostPolicy = {
  /** Host names besides loopback's that are ours; `.example.org` stands for every name below it. */
  readonly allowedHosts: readonly string[]
  /** Origins besides our own whose pages may call, such as `https://portal.example.org`. */
  readonly allowedOrigins: readonly string[]
}

type Check = (request: RequestHead, policy: HostPolicy) => TailgateError | null

/** A page may be linked to from anywhere; what it then asks for is asked by itself. */
const CHECKS: Readonly<Record<Access, readonly Check[]>> = {
  page: [checkHost],
  login: [checkHost, checkOrigin, checkIntent],
  read: [checkHost, checkOrigin],
  act: [checkHost, checkOrigin, checkIntent],
}

/** Lets a request go on, or says why not: `forbidden`, `method-not-allowed` or `bad-request`. */
export function checkRequest(request: RequestHead, policy: HostPolicy, access: Access): Result<void, TailgateError> {
  for (const check of CHECKS[access]) {
    const refusal = check(request, policy)
    if (refusal !== null) return err(refusal)
  }
  return ok(undefined)
}

/** What is wrong with an `--allow-host` name, or null. */
export function hostProblem(name: string): string | null {
  const isName = hostName(name.startsWith('.') ? name.slice(1) : name) !== null
  return isName ? null : 'must be host names such as tailgate.example.org, without http:// and path'
}

/** What is wrong with an `--allow-origin` origin, or null. */
export function originProblem(origin: string): string | null {
  return parseOrigin(origin) === null ? 'must be origins such as https://portal.example.org, without a path' : null
}

/** True for an origin, other than our own, that `--allow-origin` names. */
export function isAllowedOrigin(origin: string, policy: HostPolicy): boolean {
  const page = parseOrigin(origin)
  return page !== null && policy.allowedOrigins.some((allowed) => parseOrigin(allowed)?.origin === page.origin)
}

function checkHost({ host, localAddress }: RequestHead, policy: HostPolicy): TailgateError | null {
  if (host === undefined) return new TailgateError('bad-request', 'The request has no Host header: send one.')
  const name = hostName(host)
  if (name === null) return new TailgateError('bad-request', `The Host header ${quoted(host)} is not a host name.`)
  if (isOurHost(name, localAddress, policy.allowedHosts)) return null
  return new TailgateError(
    'forbidden',
    `${quoted(host)} is not a name of this gateway: use the address it printed at its start, ` +
      'or start it with --allow-host for that name.',
  )
}

function isOurHost(name: string, localAddress: string | undefined, allowedHosts: readonly string[]): boolean {
  const address = canonicalAddress(name)
  if (address !== null && (isLoopback(name) || (localAddress && address === canonicalAddress(localAddress))))
    return true
  return (
    name === 'localhost' ||
    allowedHosts.some((allowed) => {
      const ours = allowed.toLowerCase()
      return ours.startsWith('.') ? name.endsWith(ours) : name === (hostName(ours) ?? ours)
    })
  )
}

function checkOrigin(request: RequestHead, policy: HostPolicy): TailgateError | null {
  const { origin, fetchSite, host = '' } = request
  if (origin !== undefined) {
    if (isOwnOrigin(origin, host) || isAllowedOrigin(origin, policy)) return null
    return new TailgateError(
      'forbidden',
      `Pages of ${quoted(origin)} may not use this gateway: use its own address, or start it with --allow-origin.`,
    )
  }
  if (fetchSite === undefined || fetchSite === 'same-origin' || fetchSite === 'none') return null
  return new TailgateError(
    'forbidden',
    "A page of another site sent this request: open the gateway's own address instead.",
  )
}

function checkIntent(request: RequestHead): TailgateError | null {
  const { method, purpose, fetchMode, fetchDest, fetchSite, origin, userAgent } = request
  if (method !== 'GET' && method !== 'POST' && method !== 'DELETE') {
    return new TailgateError('method-not-allowed', `${quoted(method ?? '')} changes nothing here: use GET or POST.`)
  }
  if (purpose !== undefined && /prefetch|prerender|preview/i.test(purpose)) {
    return new TailgateError('forbidden', 'A prefetch starts nothing: ask again once the answer is wanted.')
  }
  if (fetchMode === 'navigate' || (fetchDest !== undefined && fetchDest !== 'empty')) {
    return new TailgateError('forbidden', 'Loading a page starts nothing: use the dashboard, a program or curl.')
  }
  if (method === 'GET' && fetchSite === undefined && origin === undefined && userAgent?.includes('Mozilla/')) {
    return new TailgateError('forbidden', 'This browser does not say which page asks: use POST, a program or curl.')
  }
  return null
}

/** True when a page at this origin was loaded from the very host and port that the request is for. */
function isOwnOrigin(origin: string, host: string): boolean {
  const page = parseOrigin(origin)
  const ours = page === null ? null : parseOrigin(`${page.protocol}//${host}`)
  return page !== null && page.host === ours?.host
}

function parseOrigin(origin: string): URL | null {
  const url = URL.parse(origin)
  return url !== null && /^https?:$/.test(url.protocol) && `${url.origin}/` === url.href ? url : null
}

/** The name in a Host header, in lower case, without port, brackets and final dot; null when it is malformed. */
function hostName(host: string): string | null {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.-]+?)\.?)(?::\d{1,5})?$/i.exec(host)
  return (match?.[1] ?? match?.[2])?.toLowerCase() ?? null
}
