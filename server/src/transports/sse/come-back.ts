import type { IncomingMessage, ServerResponse } from 'node:http'
import { STREAMS_RETRY_AFTER_SECONDS } from '../../security/limits.ts'
import { sseComment } from './sse-block.ts'
import { SSE_HEADERS } from './sse-headers.ts'

/**
 * What a reconnecting `EventSource` gets when the gateway cannot serve it now. Any status but 200 would end it for good
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#sse-processing-model), so it gets a stream that says
 * nothing but when to come back. Only `EventSource` sends `Last-Event-ID`; programs get the status.
 */

export function isReconnecting({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers['last-event-id'] !== undefined
}

export function sendComeBack(response: ServerResponse): void {
  response.writeHead(200, { ...SSE_HEADERS, Connection: 'close' })
  response.write(`retry: ${STREAMS_RETRY_AFTER_SECONDS * 1000}\n\n`)
  response.end(sseComment('the gateway is busy; come back with the last id'))
}
