import type { IncomingMessage } from 'node:http'
import type { Result, Role, TailgateError } from '@tailgate/shared'
import type { Caller } from '../runs/run-service.ts'

/**
 * What a request wants.
 * - `page`: what anybody may see who can connect: the dashboard's own files, whether the gateway is up
 * - `login`: to show a credential, or to forget it
 * - `read`: to look at runs
 * - `act`: to start, cancel or forget one
 */
export type Access = 'page' | 'login' | 'read' | 'act'

/** Who is calling, and what they may do. Nobody is identified for `page` and `login`. */
export type Identity = Caller & { readonly role: Role }

/** What of a request tells who sends it. */
export type AskingRequest = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'socket'>

/**
 * Decides whether a request may go on, and who is asking. Transports ask it before they do anything else.
 *
 * A guard only looks at the request: it answers the same however often it is asked.
 */
export type RequestGuard = (request: AskingRequest, access: Access) => Promise<Result<Identity, TailgateError>>
