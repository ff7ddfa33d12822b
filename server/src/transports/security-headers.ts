import type { RequestHandler } from 'express'
import helmet from 'helmet'

/**
 * Headers of every response. Most are data, so a browser that is made to show one as a page may load and run nothing;
 * the dashboard's page and artifacts set a policy of their own.
 */
export const securityHeaders: RequestHandler = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], baseUri: ["'none'"], formAction: ["'none'"], frameAncestors: ["'none'"] },
  },
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
  // Whether the way to the gateway is encrypted is decided in front of it.
  strictTransportSecurity: false,
})
