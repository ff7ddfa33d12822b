import { randomBytes } from 'node:crypto'
import { type EngineInfo, ok } from '@tailgate/shared'
import { pino } from 'pino'
import type { GatewayMetrics } from '../../metrics/gateway-metrics.ts'
import { createAuthorizer } from '../../security/authorizer.ts'
import { isAllowedOrigin } from '../../security/hosts-and-origins.ts'
import { createLoginCodes } from '../../security/login-codes.ts'
import { createLogins } from '../../security/logins.ts'
import { createOpenStreams } from '../../security/open-streams.ts'
import { emptyTokenBook, type TokenBook } from '../../security/tokens.ts'
import { type HttpServer, type ListenOptions, listen } from '../listen.ts'
import { fakeFiles } from './fake-files.ts'
import { FakeRunService } from './fake-run-service.ts'
import { sampleRun } from './sample-run.ts'

export const SAMPLE_ENGINE: EngineInfo = {
  engine: sampleRun().engine,
  stata_available: false,
  probe: 'proven',
  problem: null,
  looked: [],
}

/** An origin whose pages may call the tests' gateways. */
export const ALLOWED_ORIGIN = 'https://portal.example.org'

export type TestGateway = AsyncDisposable & { readonly runs: FakeRunService; readonly http: HttpServer; url: string }

const NO_METRICS: GatewayMetrics = {
  linesRead: () => {},
  searched: () => {},
  viewerDropped: () => {},
  connectionClosed: () => {},
  answered: () => {},
  expose: async () => ({ type: 'text/plain', text: '' }),
}

/** What decides who gets into a test's gateway. */
export function access({ auth, tokens }: { auth: 'none' | 'token'; tokens: TokenBook }) {
  const readTokens = async () => ok(tokens)
  const now = () => Date.now()
  const hosts = { allowedHosts: [], allowedOrigins: [ALLOWED_ORIGIN] }
  return {
    guard: createAuthorizer({ auth, hosts, readTokens, peerUid: null, user: null, now }),
    allowsOrigin: (origin: string) => isAllowedOrigin(origin, hosts),
    logins: createLogins({
      readTokens,
      codes: createLoginCodes({ now, randomBytes }),
      record: () => {},
      now,
      randomBytes,
    }),
  }
}

/** What the HTTP side gets, over fake runs. */
export function fakeDependencies(runs: FakeRunService): Omit<ListenOptions, 'place'> {
  return {
    runs,
    engine: () => SAMPLE_ENGINE,
    executor: 'local',
    version: '0.0.0-test',
    dashboardDir: '/nonexistent',
    files: fakeFiles,
    log: pino({ level: 'silent' }),
    metrics: NO_METRICS,
    problems: () => [],
    ...access({ auth: 'none', tokens: emptyTokenBook(randomBytes) }),
    streams: createOpenStreams({ perCaller: 1_000, inAll: 1_000 }),
    requestsPerMinute: 100_000,
    maxConnections: 1_000,
    now: () => Date.parse('2025-01-01T00:00:10.000Z'),
  }
}

/** The real HTTP server over fake runs, on a free loopback port. */
export async function startGateway(differences: Partial<ListenOptions> = {}): Promise<TestGateway> {
  const runs = new FakeRunService()
  const place = { type: 'address', host: '127.0.0.1', port: 0 } as const
  const http = await listen({ place, ...fakeDependencies(runs), ...differences })
  if (!http.ok) throw new Error(http.error)
  const { value } = http
  return { runs, http: value, url: value.url, [Symbol.asyncDispose]: () => value.close() }
}
