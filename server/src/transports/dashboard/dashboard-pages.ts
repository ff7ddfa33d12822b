import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Express, RequestHandler } from 'express'
import helmet from 'helmet'
import { onlyMethods } from '../error-response.ts'
import { NOT_BUILT_PAGE } from './not-built-page.ts'

/**
 * The dashboard: one page of HTML for each of its own addresses, and the files that the page asks for.
 *
 * Nothing here tells anything about a run, so it needs no credential: the page asks for one when the gateway does.
 * Files under `/assets` have a hash of their content in their name and are kept for ever; the page is never kept, so
 * that it always names the files that are there.
 */

/** The addresses that are the dashboard's; every other unknown one is an error. */
const DASHBOARD_ROUTES = ['/', '/start', '/run/:id', '/login']

/** What the build leaves in the page where the nonce of the response belongs. */
const NONCE_PLACEHOLDER = '{csp-nonce}'

export function mountDashboard(app: Express, dashboardDir: string): void {
  app.get('/assets/:name', serveAsset(join(dashboardDir, 'assets')))
  app.get('/favicon.svg', (_request, response, next) =>
    response.sendFile(join(dashboardDir, 'favicon.svg'), (error) => error && next()),
  )
  app.route(DASHBOARD_ROUTES).get(pageHeaders, servePage(dashboardDir)).all(onlyMethods('GET', 'HEAD'))
}

/** What the build has compressed: each of these files also lies there with the ending of each encoding. */
const COMPRESSED = new Set(['.js', '.css'])
const ENDING: Readonly<Record<string, string>> = { br: '.br', gzip: '.gz' }

function serveAsset(directory: string): RequestHandler<{ name: string }> {
  return (request, response, next) => {
    const { name } = request.params
    if (!/^[\w-][\w.-]*$/.test(name)) return next()
    const isCompressed = COMPRESSED.has(extname(name))
    const encoding = isCompressed ? request.acceptsEncodings(Object.keys(ENDING)) || 'identity' : 'identity'
    const headers: Record<string, string> = {
      'Content-Type': contentType(name),
      'Cache-Control': 'public, max-age=31536000, immutable',
      ...(isCompressed ? { Vary: 'Accept-Encoding' } : {}),
      ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
    }
    const path = join(directory, `${name}${ENDING[encoding] ?? ''}`)
    response.sendFile(path, { cacheControl: false, headers }, (error) => {
      if (!error) return
      for (const header of Object.keys(headers)) response.removeHeader(header)
      next()
    })
  }
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

function contentType(name: string): string {
  return CONTENT_TYPES[extname(name)] ?? 'application/octet-stream'
}

function servePage(dashboardDir: string): RequestHandler {
  return async (_request, response) => {
    const page = await readFile(join(dashboardDir, 'index.html'), 'utf8').catch(() => null)
    response.type('html').set('Cache-Control', 'no-store')
    if (page === null) response.status(503).send(NOT_BUILT_PAGE)
    else response.send(page.replaceAll(NONCE_PLACEHOLDER, nonceOf(response)))
  }
}

/**
 * Everything from the gateway itself, and no inline script. Inline style sheets only with the response's nonce: the
 * component kit puts two small ones into the page.
 */
const strictHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", (_request, response) => `'nonce-${nonceOf(response)}'`],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  referrerPolicy: { policy: 'same-origin' },
  // Whether the way to the gateway is encrypted is decided in front of it.
  strictTransportSecurity: false,
})

const nonces = new WeakMap<object, string>()

function nonceOf(response: object): string {
  const nonce = nonces.get(response)
  if (nonce === undefined) throw new Error('Internal error: a page without a nonce')
  return nonce
}

const pageHeaders: RequestHandler = (request, response, next) => {
  nonces.set(response, randomBytes(18).toString('base64url'))
  strictHeaders(request, response, next)
}
