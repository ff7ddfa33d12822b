import { dirname } from 'node:path'
import { type Engine, err, ok, type Result, type Run, type StartRun, TailgateError } from '@tailgate/shared'
import type { StoredRun } from '../store/stored-run.ts'
import { requestDigest } from './request-digest.ts'
import type { Caller } from './run-service.ts'

/** Turns a start request into a run that may be queued, or a refusal. Nothing has started when it refuses. */

/** Which files may be used; see `security/path-policy.ts`. */
export type AllowedPaths = {
  resolveDoFile(path: string): Promise<Result<{ readonly path: string }, TailgateError>>
  resolveWorkingDir(path: string): Promise<Result<{ readonly path: string }, TailgateError>>
}

export type RunStarterDeps = {
  readonly paths: AllowedPaths
  /** The engine as it is known now. */
  readonly engine: () => Engine
  readonly executor: Run['executor']
  readonly newId: () => string
  readonly wallClock: () => number
  /** Whether the engine can be told these paths and arguments; the error says which cannot, and why. */
  readonly check: (run: StoredRun) => Result<unknown, TailgateError>
}

/** The run that a request asks for, ready to be queued. */
export async function prepareRun(
  request: StartRun,
  caller: Caller,
  deps: RunStarterDeps,
): Promise<Result<StoredRun, TailgateError>> {
  const file = await deps.paths.resolveDoFile(request.file)
  if (!file.ok) return file
  const directory = await deps.paths.resolveWorkingDir(request.workingDir ?? dirname(file.value.path))
  if (!directory.ok) return directory

  const asked = {
    file: file.value.path,
    args: request.args ?? [],
    workingDir: directory.value.path,
    timeoutMs: request.timeoutMs ?? null,
    cancelOnDisconnect: request.cancelOnDisconnect ?? false,
  }
  const run: StoredRun = {
    ...asked,
    id: deps.newId(),
    state: 'queued',
    intent: null,
    engine: deps.engine(),
    executor: deps.executor,
    startedBy: caller.name,
    runKey: request.runKey ?? null,
    requestDigest: digestOf(request),
    attempt: 1,
    queuedAt: deps.wallClock(),
    startedAt: null,
    endedAt: null,
    elapsedMs: null,
    outcome: null,
    progress: { statement: null, replications: null, iteration: null, estimate: null },
    artifacts: [],
    generation: 0,
    logBytes: 0,
    logLines: 0,
  }
  const possible = deps.check(run)
  return possible.ok ? ok(run) : possible
}

/**
 * The run that a run key stands for is given again, unless the key is now used for something else, or by somebody
 * else: they would take a run for their own that is not. Compared as asked, not as resolved: a start that is repeated
 * after its do-file was deleted is still the same start.
 */
export function checkRepeated(known: StoredRun, request: StartRun, caller: Caller): Result<void, TailgateError> {
  const details = { parameter: 'runKey', runId: known.id }
  if (known.startedBy !== caller.name) {
    const message = `The run key "${known.runKey}" belongs to a start of somebody else (run ${known.id}): use a key of your own, such as a UUID.`
    return err(new TailgateError('conflict', message, { details }))
  }
  if (known.requestDigest === digestOf(request)) return ok(undefined)
  const message = `The run key "${known.runKey}" was used for another start (run ${known.id}): use a new key, or the same parameters.`
  return err(new TailgateError('conflict', message, { details }))
}

function digestOf({ file, args = [], workingDir, timeoutMs, cancelOnDisconnect = false }: StartRun): string {
  const [directory, timeout] = [workingDir ?? null, timeoutMs ?? null]
  return requestDigest({ file, args, workingDir: directory, timeoutMs: timeout, cancelOnDisconnect })
}
