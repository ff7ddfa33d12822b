import { ok } from '@tailgate/shared'
import type { Endpoint } from '../endpoint.ts'
import type { HttpDependencies } from '../http-dependencies.ts'

/** `GET /engine`: the engine in use, and how it was found. */
export function createEngineEndpoint({ engine }: Pick<HttpDependencies, 'engine'>): Endpoint {
  return ({ response }) => {
    response.json(engine())
    return ok(undefined)
  }
}
