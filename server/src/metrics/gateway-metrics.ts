import type { RunState } from '@tailgate/shared'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/**
 * What the gateway tells Prometheus. Totals are counted where things happen; what is true now is looked up when it is
 * asked for. No label has values that a caller chooses.
 */

/** Where that which is true now is looked up. */
export type MetricSources = {
  /** How many runs there are in each state. */
  readonly runs: () => Readonly<Record<RunState, number>>
  /** Runs that wait for a place. */
  readonly queued: () => number
  /** Streams that are open. */
  readonly streams: () => number
  /** Bytes that lie in the logs of running runs and have not been read yet, of the run that is furthest behind. */
  readonly tailLagBytes: () => Promise<number>
  /** Searches that run, and that wait for their turn. */
  readonly searches: () => { readonly running: number; readonly waiting: number }
}

export interface GatewayMetrics {
  /** A batch of complete lines was read from a log. */
  linesRead(lines: number, bytes: number): void
  /** A search is over, one way or another. */
  searched(ms: number): void
  /** A viewer took nothing for too long and was dropped. */
  viewerDropped(): void
  /** There were too many connections, and one that waited was closed. */
  connectionClosed(): void
  /** A request is over. */
  answered(method: string, status: number): void
  /** Everything in Prometheus' text format, and its media type. */
  expose(): Promise<{ readonly type: string; readonly text: string }>
}

const SEARCH_SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2, 5]

export function createGatewayMetrics(sources: MetricSources): GatewayMetrics {
  const registry = new Registry()
  const registers = [registry]
  // Among them the event loop's delay (`nodejs_eventloop_lag_*`), memory and file descriptors.
  collectDefaultMetrics({ register: registry })

  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read())
      },
    })
  const counter = (name: string, help: string) => new Counter({ name, help, registers })

  new Gauge({
    name: 'tailgate_runs',
    help: 'Runs that are known, by state.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(sources.runs())) this.set({ state }, count)
    },
  })
  gauge('tailgate_queue_length', 'Runs that wait for a place.', sources.queued)
  gauge('tailgate_open_streams', 'Streams that are open.', sources.streams)
  gauge('tailgate_tail_lag_bytes', 'Bytes written to a log and not yet read, of the run furthest behind.', () =>
    sources.tailLagBytes(),
  )
  gauge('tailgate_searches_running', 'Searches that run now.', () => sources.searches().running)
  gauge('tailgate_searches_waiting', 'Searches that wait for their turn.', () => sources.searches().waiting)

  const lines = counter('tailgate_log_lines_total', 'Lines read from logs since the start.')
  const bytes = counter('tailgate_log_bytes_total', 'Bytes of complete lines read from logs since the start.')
  const dropped = counter('tailgate_dropped_viewers_total', 'Viewers dropped because they took nothing for too long.')
  const closed = counter('tailgate_closed_connections_total', 'Waiting connections closed because there were too many.')
  const searches = new Histogram({
    name: 'tailgate_search_duration_seconds',
    help: 'How long searches took.',
    buckets: SEARCH_SECONDS,
    registers,
  })
  const requests = new Counter({
    name: 'tailgate_http_requests_total',
    help: 'Requests answered, by method and status.',
    labelNames: ['method', 'status'],
    registers,
  })

  return {
    linesRead(lineCount, byteCount) {
      lines.inc(lineCount)
      bytes.inc(byteCount)
    },
    searched: (ms) => searches.observe(ms / 1000),
    viewerDropped: () => dropped.inc(),
    connectionClosed: () => closed.inc(),
    answered: (method, status) => requests.inc({ method, status }),
    expose: async () => ({ type: registry.contentType, text: await registry.metrics() }),
  }
}
