import { ok, type Result, type TailgateError } from '@tailgate/shared'
import type { StreamPlace } from '../security/open-streams.ts'
import { clientKey } from './admission.ts'
import type { Exchange } from './endpoint.ts'
import type { HttpDependencies } from './http-dependencies.ts'

/**
 * A place among the streams, for as long as its caller belongs there: a token may be revoked, and a login expire, while
 * the stream is open. That is looked at as often as a heartbeat is due. The connection is then cut, so that the viewer
 * comes back and is told.
 */
export function takeStreamPlace(
  { streams, guard, heartbeatMs }: Pick<HttpDependencies, 'streams' | 'guard' | 'heartbeatMs'>,
  { request, response, caller }: Pick<Exchange, 'request' | 'response' | 'caller'>,
): Result<StreamPlace, TailgateError> {
  const place = streams.open(clientKey(caller, request))
  if (!place.ok) return place
  const timer = setInterval(() => {
    void guard(request, 'read').then((identity) => {
      if (!identity.ok && identity.error.code === 'unauthorized') response.destroy()
    })
  }, heartbeatMs)
  return ok({
    [Symbol.dispose]() {
      clearInterval(timer)
      place.value[Symbol.dispose]()
    },
  })
}
