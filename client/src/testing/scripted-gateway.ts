import {
  type EngineInfo,
  type FileList,
  type Health,
  type LinesPage,
  type MarksPage,
  type MarksRequest,
  type Rate,
  type Run,
  type RunPage,
  type SearchPage,
  type Source,
  type StartRun,
  TailgateError,
  type WhoAmI,
} from '@tailgate/shared'
import { ScriptedRun } from './scripted-run.ts'

const SOURCE = { text: 'display 1\n', bytes: 10, modifiedAt: '2026-01-01T00:00:00.000Z', truncated: false }
const ENGINE = { kind: 'stata', path: '/usr/local/stata18/stata-mp', edition: 'MP', version: '18.5' } as const

/** What a gateway knows, without its transports: runs that the test scripts, and fixed answers to everything else. */
export class ScriptedGateway {
  readonly runs = new Map<string, ScriptedRun>()

  /** Starts a run; the do-file `missing.do` does not exist. */
  start(request: StartRun): ScriptedRun {
    if (request.file.endsWith('missing.do')) {
      throw new TailgateError('not-found', `There is no do-file ${request.file}.`, { details: { parameter: 'file' } })
    }
    const id = `run-${this.runs.size + 1}`
    const run = new ScriptedRun(runningRecord(id, request))
    this.runs.set(id, run)
    return run
  }

  find(runId: string): ScriptedRun {
    const run = this.runs.get(runId)
    if (run === undefined) throw new TailgateError('not-found', `There is no run ${runId}.`)
    return run
  }

  cancel(runId: string): Run {
    this.find(runId).end({ state: 'cancelled' })
    return this.find(runId).record
  }

  remove(runId: string): void {
    const run = this.find(runId)
    if (run.record.endedAt === null && run.record.outcome === null) {
      throw new TailgateError('conflict', `Run ${runId} has not ended.`)
    }
    this.runs.delete(runId)
  }

  list(request: { state?: readonly string[] | undefined; limit?: number | undefined }): RunPage {
    const records = [...this.runs.values()].map((run) => run.record)
    const runs = records.filter((run) => request.state?.includes(run.state) ?? true).slice(0, request.limit)
    return { runs, next: null }
  }

  lines(runId: string, from = 1, count = 2): LinesPage {
    this.find(runId)
    const numbers = Array.from({ length: count }, (_, index) => from + index)
    const lines = numbers.map((number) => ({ number, text: `line ${number}`, kind: 'output' as const }))
    return { lines, total: 1000, generation: 0, cursor: `${runId}:0:9000`, complete: false }
  }

  marks({ runId, kind, from = 1, limit = 100, direction = 'forward' }: MarksRequest): MarksPage {
    this.find(runId)
    const marks = [{ number: from, lines: 2, text: `${kind} ${direction}` }].slice(0, limit)
    return { marks, scannedTo: from + 1, total: 1000, generation: 0, complete: false }
  }

  search(runId: string, q: string, from = 1, limit = 100): SearchPage {
    this.find(runId)
    return {
      matches: [{ number: from, text: `has ${q}` }].slice(0, limit),
      count: 1,
      scannedTo: from,
      total: 1000,
      complete: false,
    }
  }

  artifacts(runId: string) {
    this.find(runId)
    const file = { path: '/p/fig.png', name: 'fig.png', kind: 'graph', bytes: 1, modifiedAt: null, logLine: 7 } as const
    return { artifacts: [{ index: 0, ...file }] }
  }

  source(runId: string): Source {
    return { ...SOURCE, path: this.find(runId).record.file }
  }

  rate(runId: string): Rate {
    this.find(runId)
    return { samples: [{ elapsedMs: 2000, lines: 10 }] }
  }

  listFiles(path?: string): FileList {
    const entry = { name: 'main.do', path: '/p/main.do', kind: 'do-file', bytes: 10 } as const
    const entries = [{ ...entry, modifiedAt: SOURCE.modifiedAt }]
    return { path: path ?? null, parent: null, entries: path === undefined ? [] : entries, truncated: false }
  }

  whoAmI(): WhoAmI {
    return { name: 'ada', role: 'run' }
  }

  login({ token }: { token?: string }): WhoAmI {
    if (token === 'secret') return this.whoAmI()
    throw new TailgateError('unauthorized', 'The token is not known.')
  }

  readFile(path: string): Source {
    if (path.startsWith('/p/')) return { ...SOURCE, path }
    throw new TailgateError('forbidden', `${path} is not under an allowed root.`, { details: { parameter: 'path' } })
  }

  engineInfo(): EngineInfo {
    return { engine: ENGINE, stata_available: true, probe: 'proven', problem: null, looked: [] }
  }

  health(): Health {
    const problems: string[] = []
    const counts = { running: this.runs.size, queued: 0 }
    return { status: 'ok', problems, version: '0', stata_available: true, engine: ENGINE, executor: 'local', ...counts }
  }
}

function runningRecord(id: string, request: StartRun): Run {
  return {
    id,
    file: request.file,
    args: request.args ?? [],
    workingDir: '/p',
    engine: ENGINE,
    executor: 'local',
    startedBy: null,
    state: 'running',
    queuePosition: null,
    queuedAt: '2026-01-01T00:00:00.000Z',
    startedAt: '2026-01-01T00:00:00.000Z',
    endedAt: null,
    elapsedMs: 0,
    timeoutMs: request.timeoutMs ?? null,
    outcome: null,
    progress: { statement: null, replications: null, iteration: null, estimate: null },
    artifacts: [],
    log: { bytes: 0, lines: 0 },
  }
}
