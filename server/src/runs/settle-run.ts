import { open } from 'node:fs/promises'
import type { Outcome, OutcomeReason } from '@tailgate/shared'
import type { EngineExit } from '../executors/executor.ts'
import { RUN_ID_VARIABLE } from '../executors/run-processes.ts'
import type { LogParser } from '../stata/log/log-parser.ts'
import { decideOutcome } from '../stata/outcome.ts'
import type { StoredRun } from '../store/stored-run.ts'
import type { LogState } from './progress-teller.ts'
import { describeArtifacts } from './run-artifacts.ts'
import type { EndedState } from './run-machine.ts'

/** What a run amounts to, its engine being gone and its log read; and the outcomes of those that never had an engine. */

export type Settlement = LogState & { readonly state: EndedState; readonly outcome: Outcome }

export type SettledRun = {
  readonly run: Pick<StoredRun, 'intent' | 'timeoutMs'>
  readonly exit: EngineExit
  readonly parser: Pick<LogParser, 'verdict' | 'progress' | 'savedFiles'>
  readonly logBytes: number
  /** Why the log could not be read to its end; null when it was. */
  readonly logLost: string | null
  /** File with what the engine printed on its console. */
  readonly consolePath: string
}

/** Of what the engine printed on its console, the end that is kept for a message. */
const CONSOLE_BYTES = 8 * 1024

export async function settleRun(settled: SettledRun): Promise<Settlement> {
  const { run, exit, parser, logBytes, logLost, consolePath } = settled
  const { state, outcome } = decideOutcome({
    intent: run.intent ?? 'none',
    exit,
    verdict: parser.verdict(),
    logLost,
    logBytes,
    console: await readEnd(consolePath, CONSOLE_BYTES),
    timeoutMs: run.timeoutMs,
  })
  const artifacts = await describeArtifacts(parser.savedFiles())
  return { state, outcome, progress: { ...parser.progress(), estimate: null }, artifacts }
}

/** The outcome of a run of which nothing is known but this, such as one whose engine never ran. */
export function bareOutcome(reason: OutcomeReason, message: string): Outcome {
  return { reason, rc: null, message, command: null, line: null, exitCode: null, signal: null }
}

/** The outcome of a run that has no engine, or none that is known of; `problem`: why. */
export function outcomeWithoutEngine(state: EndedState, problem: string | null): Outcome {
  if (state === 'cancelled' || problem === null) return bareOutcome('cancelled', 'It was cancelled before it started.')
  return bareOutcome(state === 'lost' ? 'engine-vanished' : 'launch-failed', problem)
}

/** What a user can do about a run that was lost while its engine may still be going. */
export function whereToLook(runId: string): string {
  return `Its engine may still be going: look for processes with ${RUN_ID_VARIABLE}=${runId} in their environment.`
}

async function readEnd(path: string, bytes: number): Promise<string> {
  try {
    await using file = await open(path, 'r')
    const { size } = await file.stat()
    const buffer = Buffer.alloc(Math.min(bytes, size))
    await file.read(buffer, 0, buffer.length, size - buffer.length)
    return buffer.toString('utf8')
  } catch {
    return ''
  }
}
