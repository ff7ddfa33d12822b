import express, { type Express } from 'express'
import { type Admit, createAdmission } from './admission.ts'
import { crossOrigin } from './cross-origin.ts'
import { mountDashboard } from './dashboard/dashboard-pages.ts'
import { dropStalledViewer } from './drop-stalled-viewer.ts'
import { type Endpoint, endpoint, withBody } from './endpoint.ts'
import { errorHandler, onlyMethods, unknownAddress } from './error-response.ts'
import type { HttpDependencies } from './http-dependencies.ts'
import { ownHost } from './own-host.ts'
import { refuseWhileClosing } from './refuse-while-closing.ts'
import { requestLog } from './request-log.ts'
import { createBrowseEndpoints } from './rest/browse-endpoints.ts'
import { createEngineEndpoint } from './rest/engine-endpoint.ts'
import { createFileEndpoints } from './rest/file-endpoints.ts'
import { createHealthEndpoint, liveness, readiness } from './rest/health-endpoint.ts'
import { createLoginEndpoints, MAX_LOGIN_BYTES } from './rest/login-endpoints.ts'
import { createMetricsEndpoint } from './rest/metrics-endpoint.ts'
import { createOpenApiEndpoint } from './rest/openapi.ts'
import { createRunEndpoints } from './rest/run-endpoints.ts'
import { securityHeaders } from './security-headers.ts'
import { createStreamEndpoints } from './sse/stream-endpoints.ts'
import { mountTrpc } from './trpc/mount-trpc.ts'

/** Every address of the gateway, in one table. */
export function createHttpApp(deps: HttpDependencies): Express {
  const app = express()
  app.disable('x-powered-by')
  // Records change all the time, and a log's tag is its own.
  app.disable('etag')
  app.set('query parser', 'simple')

  app.use(requestLog(deps))
  app.use(securityHeaders)
  app.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  app.use(ownHost(deps.guard))
  app.use(crossOrigin(deps.allowsOrigin))
  app.route('/health/live').get(liveness).all(onlyMethods('GET', 'HEAD'))
  app.route('/health/ready').get(readiness(deps.closing)).all(onlyMethods('GET', 'HEAD'))
  app.use(refuseWhileClosing(deps.closing))
  app.use(dropStalledViewer(deps))

  const admit = createAdmission(deps)
  const read = (handle: Endpoint) => endpoint(admit, 'read', handle)
  const act = (handle: Endpoint) => endpoint(admit, 'act', handle)
  const logins = createLoginEndpoints(deps)
  const runs = createRunEndpoints(deps)
  const files = createFileEndpoints(deps)
  const browse = createBrowseEndpoints(deps)
  const streams = createStreamEndpoints(deps)

  // `GET` is not safe here, so neither is `HEAD`, which Express would answer with the handler of `GET`.
  const runFile = app.route(['/run_file', '/run_file/stream'])
  runFile.head(onlyMethods('GET', 'POST'))
  runFile
    .get(act(streams.runFileByQuery))
    .post(act(withBody(streams.runFileByBody)))
    .all(onlyMethods('GET', 'POST'))

  app
    .route('/runs')
    .get(read(runs.list))
    .post(act(withBody(runs.start)))
    .all(onlyMethods('GET', 'HEAD', 'POST'))
  app
    .route('/runs/:id')
    .get(read(runs.get))
    .delete(act(runs.remove))
    .all(onlyMethods('GET', 'HEAD', 'DELETE'))
  app.route('/runs/:id/cancel').post(act(runs.cancel)).all(onlyMethods('POST'))

  // Not counted among anybody's requests: nobody is known yet. `GET /login` is the dashboard's.
  const meet: Admit = (request, _response, access) => deps.guard(request, access)
  app.post('/login', endpoint(meet, 'login', withBody(logins.login, MAX_LOGIN_BYTES)))
  app
    .route('/logout')
    .post(endpoint(meet, 'login', logins.logout))
    .all(onlyMethods('POST'))

  const readable: Readonly<Record<string, Endpoint>> = {
    '/runs/:id/stream': streams.streamRun,
    '/runs/:id/log': files.log,
    '/runs/:id/lines': runs.lines,
    '/runs/:id/marks': runs.marks,
    '/runs/:id/search': runs.search,
    '/runs/:id/source': runs.source,
    '/runs/:id/rate': runs.rate,
    '/runs/:id/artifacts': runs.artifacts,
    '/runs/:id/artifacts/:n': files.artifact,
    '/files': browse.list,
    '/files/content': browse.read,
    '/engine': createEngineEndpoint(deps),
    '/whoami': logins.whoAmI,
    '/metrics': createMetricsEndpoint(deps),
    '/health': createHealthEndpoint(deps),
    '/openapi.json': createOpenApiEndpoint(deps),
  }
  for (const [path, handle] of Object.entries(readable)) {
    app.route(path).get(read(handle)).all(onlyMethods('GET', 'HEAD'))
  }

  mountTrpc(app, deps, admit)
  mountDashboard(app, deps.dashboardDir)
  app.use(unknownAddress)
  app.use(errorHandler(deps.log))
  return app
}
