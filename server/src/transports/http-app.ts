import express, { type Express } from 'express'
import { MAX_BODY_BYTES } from './body-limit.ts'
import { dropStalledViewer } from './drop-stalled-viewer.ts'
import { type Endpoint, endpoint } from './endpoint.ts'
import { errorHandler, onlyMethods, unknownAddress } from './error-response.ts'
import type { HttpDependencies } from './http-dependencies.ts'
import { refuseWhileClosing } from './refuse-while-closing.ts'
import { requestLog } from './request-log.ts'
import { createEngineEndpoint } from './rest/engine-endpoint.ts'
import { createFileEndpoints } from './rest/file-endpoints.ts'
import { createHealthEndpoint } from './rest/health-endpoint.ts'
import { createRunEndpoints } from './rest/run-endpoints.ts'
import { createStreamEndpoints } from './sse/stream-endpoints.ts'
import { mountTrpc } from './trpc/mount-trpc.ts'

/** Every address of the gateway, in one table. */
export function createHttpApp(deps: HttpDependencies): Express {
  const app = express()
  app.disable('x-powered-by')
  // Records change all the time, and a log's tag is its own.
  app.disable('etag')
  app.set('query parser', 'simple')

  app.use(requestLog(deps.log, deps.now))
  app.use((_request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  app.use(refuseWhileClosing(deps.closing))
  app.use(dropStalledViewer(deps.stalledViewerMs))

  const read = (handle: Endpoint) => endpoint(deps.guard, 'read', handle)
  const act = (handle: Endpoint) => endpoint(deps.guard, 'act', handle)
  const json = express.json({ limit: MAX_BODY_BYTES })
  const runs = createRunEndpoints(deps)
  const files = createFileEndpoints(deps)
  const streams = createStreamEndpoints(deps)

  // `GET` is not safe here, so neither is `HEAD`, which Express would answer with the handler of `GET`.
  const runFile = app.route(['/run_file', '/run_file/stream'])
  runFile.head(onlyMethods('GET', 'POST'))
  runFile.get(act(streams.runFileByQuery)).post(json, act(streams.runFileByBody)).all(onlyMethods('GET', 'POST'))

  app
    .route('/runs')
    .get(read(runs.list))
    .post(json, act(runs.start))
    .all(onlyMethods('GET', 'HEAD', 'POST'))
  app
    .route('/runs/:id')
    .get(read(runs.get))
    .delete(act(runs.remove))
    .all(onlyMethods('GET', 'HEAD', 'DELETE'))
  app.route('/runs/:id/cancel').post(act(runs.cancel)).all(onlyMethods('POST'))

  const readable: Readonly<Record<string, Endpoint>> = {
    '/runs/:id/stream': streams.streamRun,
    '/runs/:id/log': files.log,
    '/runs/:id/lines': runs.lines,
    '/runs/:id/search': runs.search,
    '/runs/:id/artifacts': runs.artifacts,
    '/runs/:id/artifacts/:n': files.artifact,
    '/engine': createEngineEndpoint(deps),
    '/health': createHealthEndpoint(deps),
  }
  for (const [path, handle] of Object.entries(readable)) {
    app.route(path).get(read(handle)).all(onlyMethods('GET', 'HEAD'))
  }

  mountTrpc(app, deps)
  app.use(unknownAddress)
  app.use(errorHandler(deps.log))
  return app
}
