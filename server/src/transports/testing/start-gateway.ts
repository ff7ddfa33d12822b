import type { EngineInfo } from '@tailgate/shared'
import { pino } from 'pino'
import { openGuard } from '../../security/request-guard.ts'
import { type HttpServer, type ListenOptions, listen } from '../listen.ts'
import { FakeRunService } from './fake-run-service.ts'
import { sampleRun } from './sample-run.ts'

export const SAMPLE_ENGINE: EngineInfo = {
  engine: sampleRun().engine,
  stata_available: false,
  probe: 'proven',
  problem: null,
  looked: [],
}

export type TestGateway = AsyncDisposable & { readonly runs: FakeRunService; readonly http: HttpServer; url: string }

/** The real HTTP server over fake runs, on a free loopback port. */
export async function startGateway(differences: Partial<ListenOptions> = {}): Promise<TestGateway> {
  const runs = new FakeRunService()
  const http = await listen({
    host: '127.0.0.1',
    port: 0,
    runs,
    engine: () => SAMPLE_ENGINE,
    executor: 'local',
    version: '0.0.0-test',
    log: pino({ level: 'silent' }),
    guard: openGuard,
    now: () => Date.parse('2025-01-01T00:00:10.000Z'),
    ...differences,
  })
  if (!http.ok) throw new Error(http.error)
  const { value } = http
  return { runs, http: value, url: value.url, [Symbol.asyncDispose]: () => value.close() }
}
