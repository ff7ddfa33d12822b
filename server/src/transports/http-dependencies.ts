import type { EngineInfo, Run } from '@tailgate/shared'
import type { Logger } from 'pino'
import type { FileBrowser } from '../files/file-browser.ts'
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts'
import type { RunService } from '../runs/run-service.ts'
import type { Logins } from '../security/logins.ts'
import type { OpenStreams } from '../security/open-streams.ts'
import type { RequestGuard } from '../security/request-guard.ts'
import type { KeepConnection } from './connection-limit.ts'
import type { Heartbeats } from './sse/heartbeats.ts'

/** Everything the HTTP side of the gateway needs; wired in `app.ts`. */
export type HttpDependencies = {
  readonly runs: RunService
  readonly files: FileBrowser
  readonly engine: () => EngineInfo
  readonly executor: Run['executor']
  readonly version: string
  /** Where the built dashboard lies, if it has been built. */
  readonly dashboardDir: string
  readonly log: Logger
  readonly metrics: GatewayMetrics
  /** What the admin must know beside what `runs` tells. */
  readonly problems: () => readonly string[]
  readonly guard: RequestGuard
  readonly keepConnection: KeepConnection
  /** Whether pages of this origin may call besides our own. */
  readonly allowsOrigin: (origin: string) => boolean
  readonly logins: Logins
  /** Places for streams. */
  readonly streams: OpenStreams
  /** Requests that one caller may send in a minute. */
  readonly requestsPerMinute: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Aborted once the gateway is closing: streams end, new requests are refused. */
  readonly closing: AbortSignal
  /** Silence after which an SSE stream gets a comment, and how often its caller's credentials are looked at again. */
  readonly heartbeatMs: number
  /** Of the streams, each `heartbeatMs`. */
  readonly heartbeats: Heartbeats
  /** A viewer whose socket takes nothing for this long is dropped. */
  readonly stalledViewerMs: number
}
