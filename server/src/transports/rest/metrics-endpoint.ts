import { ok } from '@tailgate/shared'
import type { Endpoint } from '../endpoint.ts'
import type { HttpDependencies } from '../http-dependencies.ts'

/** `GET /metrics`: for Prometheus, which sends a token with the role `watch` like every other viewer. */
export function createMetricsEndpoint({ metrics }: Pick<HttpDependencies, 'metrics'>): Endpoint {
  return async ({ response }) => {
    const { type, text } = await metrics.expose()
    response.setHeader('Content-Type', type)
    response.end(text)
    return ok(undefined)
  }
}
