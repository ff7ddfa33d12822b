import { type Health, ok } from '@tailgate/shared'
import type { Endpoint } from '../endpoint.ts'
import type { HttpDependencies } from '../http-dependencies.ts'

type HealthDependencies = Pick<HttpDependencies, 'runs' | 'engine' | 'executor' | 'version'>

/** `GET /health`: 200 as long as the gateway serves; what needs the admin is in `problems`. */
export function createHealthEndpoint({ runs, engine, executor, version }: HealthDependencies): Endpoint {
  return ({ response }) => {
    const { running, queued, problems } = runs.status()
    const info = engine()
    const health: Health = {
      status: problems.length === 0 ? 'ok' : 'degraded',
      problems: [...problems],
      version,
      stata_available: info.stata_available,
      engine: info.engine,
      executor,
      running,
      queued,
    }
    response.json(health)
    return ok(undefined)
  }
}
