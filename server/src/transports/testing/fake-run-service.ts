import { err, isEnded, ok, type Run, type StartRun, TailgateError } from '@tailgate/shared'
import type { LogFile, RunService } from '../../runs/run-service.ts'
import { unknownRun } from '../../runs/unknown-run.ts'
import { SAMPLE_SOURCE } from './fake-files.ts'
import { FakeRun } from './fake-run.ts'
import { sampleRun } from './sample-run.ts'

/** Runs in memory, written by a test. What it does not script (pages, search) answers from nothing but the request. */
export class FakeRunService implements RunService {
  readonly started: StartRun[] = []
  readonly logs = new Map<string, LogFile>()
  readonly #runs = new Map<string, FakeRun>()
  readonly #keys = new Map<string, string>()

  add(differences: Partial<Run> = {}): FakeRun {
    const id = differences.id ?? `run-${this.#runs.size + 1}`
    const run = new FakeRun(sampleRun({ ...differences, id }))
    this.#runs.set(id, run)
    return run
  }

  /** The run that was started last. */
  latest(): FakeRun {
    const run = [...this.#runs.values()].at(-1)
    if (run === undefined) throw new Error('no run has been started')
    return run
  }

  start: RunService['start'] = async (request) => {
    if (request.file.endsWith('missing.do')) {
      const details = { parameter: 'file', looked: 1 }
      return err(new TailgateError('not-found', `No do-file ${request.file}.`, { details }))
    }
    const known = this.#runs.get(this.#keys.get(request.runKey ?? '') ?? '')
    if (known !== undefined) return ok({ run: known.run, created: false })
    this.started.push(request)
    const { run } = this.add({ file: request.file, timeoutMs: request.timeoutMs ?? null })
    if (request.runKey !== undefined) this.#keys.set(request.runKey, run.id)
    return ok({ run, created: true })
  }

  get: RunService['get'] = (runId) => this.#runs.get(runId)?.run

  list: RunService['list'] = ({ state, limit }) => {
    const runs = [...this.#runs.values()].map(({ run }) => run).reverse()
    return ok({ runs: runs.filter((run) => state?.includes(run.state) ?? true).slice(0, limit), next: null })
  }

  cancel: RunService['cancel'] = async (runId) => {
    const run = this.#runs.get(runId)
    if (run === undefined) return err(unknownRun(runId))
    if (!isEnded(run.run.state)) run.change({ state: 'cancelling' })
    return ok(run.run)
  }

  remove: RunService['remove'] = async (runId) => {
    const run = this.#runs.get(runId)
    if (run === undefined) return err(unknownRun(runId))
    if (!isEnded(run.run.state)) return err(new TailgateError('conflict', 'The run has not ended; cancel it first.'))
    this.#runs.delete(runId)
    return ok(undefined)
  }

  follow: RunService['follow'] = async (runId, cursor, signal) => {
    const run = this.#runs.get(runId)
    return run === undefined ? err(unknownRun(runId)) : ok(run.follow(cursor, signal))
  }

  followInStretches: RunService['followInStretches'] = (runId, cursor, signal) => this.follow(runId, cursor, signal)

  lines: RunService['lines'] = async ({ runId, from = 1, count = 2_000 }) => {
    const run = this.#runs.get(runId)
    if (run === undefined) return err(unknownRun(runId))
    const numbers = Array.from({ length: Math.min(count, 3) }, (_, i) => from + i)
    const lines = numbers.map((number) => ({ number, text: `line ${number}`, kind: 'output' as const }))
    return ok({ lines, total: 3, generation: 0, cursor: `${runId}:0:21`, complete: isEnded(run.run.state) })
  }

  marks: RunService['marks'] = async ({ runId, kind, from = 1 }) => {
    if (!this.#runs.has(runId)) return err(unknownRun(runId))
    const marks = [{ number: from, lines: 1, text: kind }]
    return ok({ marks, scannedTo: 3, total: 3, generation: 0, complete: true })
  }

  rate: RunService['rate'] = async (runId) =>
    this.#runs.has(runId) ? ok({ samples: [{ elapsedMs: 2_000, lines: 10 }] }) : err(unknownRun(runId))

  source: RunService['source'] = async (runId) => {
    const run = this.#runs.get(runId)?.run
    return run === undefined ? err(unknownRun(runId)) : ok({ ...SAMPLE_SOURCE, path: run.file })
  }

  search: RunService['search'] = async ({ runId, q }) => {
    if (!this.#runs.has(runId)) return err(unknownRun(runId))
    return ok({ matches: [{ number: 1, text: q }], count: 1, scannedTo: 1, total: 1, complete: true })
  }

  log: RunService['log'] = (runId) => this.logs.get(runId)

  tailOffset: RunService['tailOffset'] = async (runId, count) => {
    const log = this.logs.get(runId)
    // Every line of these tests' logs is five bytes long.
    return log === undefined ? err(unknownRun(runId)) : ok(Math.max(0, log.bytes - 5 * count))
  }

  openArtifact: RunService['openArtifact'] = async (runId, index) => {
    const artifact = this.#runs.get(runId)?.run.artifacts[index]
    if (artifact === undefined) return err(new TailgateError('not-found', 'There is no such artifact.'))
    const { path, name, bytes } = artifact
    return ok({ path, name, bytes: bytes ?? 0, [Symbol.asyncDispose]: async () => {} })
  }

  status: RunService['status'] = () => ({ running: this.#runs.size, queued: 0, problems: [] })
}
