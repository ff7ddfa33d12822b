import { ok, type Result, type TailgateError } from '@tailgate/shared'
import { showsCredentials } from '../security/authorizer.ts'
import type { AskingRequest, RequestGuard } from '../security/request-guard.ts'
import { clientKey } from './admission.ts'
import { Answer } from './answer.ts'
import type { Exchange } from './endpoint.ts'
import { socketOf } from './http-connection.ts'
import type { HttpDependencies } from './http-dependencies.ts'

/**
 * A place among the streams, for as long as its caller belongs there: a token may be revoked, and a login expire, while
 * the stream is open. That is looked at as often as a heartbeat is due. The connection is then cut, so that the viewer
 * comes back and is told.
 */
export function takeStreamPlace(
  { streams, guard, heartbeatMs }: Pick<HttpDependencies, 'streams' | 'guard' | 'heartbeatMs'>,
  { request, response, caller }: Pick<Exchange, 'request' | 'response' | 'caller'>,
): Result<void, TailgateError> {
  const place = streams.open(clientKey(caller, request))
  if (!place.ok) return place
  const answer = Answer.of(response)
  answer.whenOver(() => place.value[Symbol.dispose]())
  // What the kernel says of a connection holds for as long as it is open.
  if (!showsCredentials(request)) return ok(undefined)
  const { method, url, headers, socket } = request
  const timer = watchCaller(answer, { method, url, headers, socket: socketOf(socket) }, guard, heartbeatMs)
  answer.whenOver(() => clearInterval(timer))
  return ok(undefined)
}

/** By itself, for the timer to hold nothing else. */
function watchCaller(answer: Answer, asking: AskingRequest, guard: RequestGuard, everyMs: number): NodeJS.Timeout {
  return setInterval(() => {
    void guard(asking, 'read').then((identity) => {
      if (!identity.ok && identity.error.code === 'unauthorized') answer.cut()
    })
  }, everyMs)
}
