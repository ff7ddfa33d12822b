import { type Health, ok, type Probe } from '@tailgate/shared'
import type { RequestHandler } from 'express'
import type { Endpoint } from '../endpoint.ts'
import type { HttpDependencies } from '../http-dependencies.ts'

type HealthDependencies = Pick<HttpDependencies, 'runs' | 'engine' | 'executor' | 'version' | 'problems'>

/** `GET /health`: 200 as long as the gateway serves; what needs the admin is in `problems`. */
export function createHealthEndpoint(deps: HealthDependencies): Endpoint {
  const { runs, engine, executor, version } = deps
  return ({ response }) => {
    const { running, queued, ...status } = runs.status()
    const problems = [...status.problems, ...deps.problems()]
    const info = engine()
    const health: Health = {
      status: problems.length === 0 ? 'ok' : 'degraded',
      problems,
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

/** `GET /health/live`: whoever asks learns that the process answers, and nothing else. */
export const liveness: RequestHandler = (_request, response) => {
  response.json({ status: 'ok' } satisfies Probe)
}

/** `GET /health/ready`: whether new requests are welcome. What is wrong with runs or engine, `/health` tells. */
export function readiness(closing: AbortSignal): RequestHandler {
  return (_request, response) => {
    const probe: Probe = { status: closing.aborted ? 'closing' : 'ok' }
    response.status(closing.aborted ? 503 : 200).json(probe)
  }
}
