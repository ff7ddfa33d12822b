import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import express, { type Express, type RequestHandler, type Response } from 'express'
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
export const DASHBOARD_ROUTES = ['/', '/start', '/run/:id', '/login'] as const

/** What the build leaves in the page where the nonce of the response belongs. */
const NONCE_PLACEHOLDER = '{csp-nonce}'

export function mountDashboard(app: Express, dashboardDir: string): void {
  app.use(
    '/assets',
    express.static(join(dashboardDir, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false }),
  )
  app
    .route(['/favicon.svg', '/manifest.webmanifest'])
    .get((request, response, next) => {
      response.sendFile(join(dashboardDir, request.path), { cacheControl: false }, (error) => error && next())
    })
    .all(onlyMethods('GET', 'HEAD'))
  app
    .route([...DASHBOARD_ROUTES])
    .get(pageHeaders, async (_request, response) => {
      const page = await readFile(join(dashboardDir, 'index.html'), 'utf8').catch(() => null)
      response.type('html').set('Cache-Control', 'no-store')
      if (page === null) response.status(503).send(NOT_BUILT_PAGE)
      else response.send(page.replaceAll(NONCE_PLACEHOLDER, nonceOf(response)))
    })
    .all(onlyMethods('GET', 'HEAD'))
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
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
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

/** The nonce of a response; helmet types it as Node's, Express as its own. */
function nonceOf(response: object): string {
  const nonce = nonces.get(response)
  if (nonce === undefined) throw new Error('Internal error: a page without a nonce')
  return nonce
}

const pageHeaders: RequestHandler = (request, response: Response, next) => {
  nonces.set(response, randomBytes(18).toString('base64url'))
  strictHeaders(request, response, next)
}
