import { runStateSchema } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { createGatewayMetrics, type MetricSources } from './gateway-metrics.ts'

const NONE = Object.fromEntries(runStateSchema.options.map((state) => [state, 0])) as ReturnType<MetricSources['runs']> // every state is there

function metrics(differences: Partial<MetricSources> = {}) {
  return createGatewayMetrics({
    runs: () => NONE,
    queued: () => 0,
    streams: () => 0,
    tailLagBytes: async () => 0,
    searches: () => ({ running: 0, waiting: 0 }),
    ...differences,
  })
}

test('what is true now is looked up when it is asked for', async () => {
  let streams = 1
  const told = metrics({
    runs: () => ({ ...NONE, running: 2, failed: 5 }),
    queued: () => 3,
    streams: () => streams,
    tailLagBytes: async () => 4096,
    searches: () => ({ running: 4, waiting: 7 }),
  })
  const { type, text } = await told.expose()
  expect(type).toMatch(/^text\/plain; version=0\.0\.4/)
  for (const line of [
    'tailgate_runs{state="running"} 2',
    'tailgate_runs{state="failed"} 5',
    'tailgate_runs{state="queued"} 0',
    'tailgate_queue_length 3',
    'tailgate_open_streams 1',
    'tailgate_tail_lag_bytes 4096',
    'tailgate_searches_running 4',
    'tailgate_searches_waiting 7',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
  streams = 9
  expect((await told.expose()).text).toContain('\ntailgate_open_streams 9\n')
})

test('what happens is counted', async () => {
  const told = metrics()
  told.linesRead(10, 500)
  told.linesRead(1, 20)
  told.viewerDropped()
  told.connectionClosed()
  told.answered('GET', 200)
  told.answered('GET', 200)
  told.answered('POST', 401)
  told.searched(30)
  const { text } = await told.expose()
  for (const line of [
    'tailgate_log_lines_total 11',
    'tailgate_log_bytes_total 520',
    'tailgate_dropped_viewers_total 1',
    'tailgate_closed_connections_total 1',
    'tailgate_http_requests_total{method="GET",status="200"} 2',
    'tailgate_http_requests_total{method="POST",status="401"} 1',
    'tailgate_search_duration_seconds_bucket{le="0.02"} 0',
    'tailgate_search_duration_seconds_bucket{le="0.1"} 1',
  ]) {
    expect(text.split('\n')).toContain(line)
  }
})

test('the event loop, memory and file descriptors are told, and two gateways in one process do not mix', async () => {
  const [one, other] = [metrics(), metrics()]
  one.viewerDropped()
  const { text } = await other.expose()
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
  expect(text).toMatch(/^process_resident_memory_bytes /m)
  expect(text).toMatch(/^tailgate_dropped_viewers_total 0$/m)
})
