// The typed client of a Tailgate gateway, for Node and browsers.

export {
  type Artifact,
  type EngineInfo,
  type ErrorCode,
  type FileKind,
  type FileList,
  type Health,
  isEnded,
  isMark,
  type LineKind,
  type LinesPage,
  type LinesRequest,
  type ListFiles,
  type ListRuns,
  type Mark,
  type MarkKind,
  type MarksPage,
  type MarksRequest,
  type Outcome,
  type OutcomeReason,
  type Rate,
  type ReadFile,
  type Run,
  type RunPage,
  type RunState,
  type SearchPage,
  type SearchRequest,
  type Source,
  type StartRun,
  TailgateError,
  type TailgateEvent,
  type WhoAmI,
} from '@tailgate/shared'
export { type BackOff, FIRST_RETRY_MS, LONGEST_RETRY_MS, RETRY_JITTER } from './back-off.ts'
export { createTailgateClient, type TailgateClient, type TailgateClientOptions } from './client.ts'
export type { EventStream } from './event-stream.ts'
export type { ConnectionChange } from './resuming-stream.ts'
export type { FollowOptions, Line, RunHandle, RunResult, StartedRun } from './run-handle.ts'
export type { Fetch, TokenSource } from './transports/gateway-access.ts'
export type { CallOptions, Credential } from './transports/transport.ts'
