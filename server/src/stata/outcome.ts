import { type Outcome, type OutcomeReason, type RunState, unreachable } from '@tailgate/shared'
import type { EngineExit } from '../executors/executor.ts'
import type { LogVerdict } from './log/log-verdict.ts'
import { returnCodeMessage } from './return-codes.ts'

/**
 * How a run ended, from everything that is known of it. Stata exits with 0 when its do-file fails, and a killed Stata
 * leaves a log that looks fine up to its last line, so no one source decides alone:
 *
 *   1. Tailgate stopped it, unless it had ended by itself before that mattered (status 0, and the log has an end)
 *   2. it was killed, or exited with another status than 0: the log's error if it ends in one, else that fact
 *   3. it exited with 0: what the log's end says
 *   4. nobody saw it end: what the log's end says if that leaves no doubt, else the run is lost
 *   5. a log that was not read to its end says nothing: with status 0, the run is lost
 */

export type OutcomeInput = {
  /** What Tailgate had told the engine to do. */
  readonly intent: 'none' | 'cancelled' | 'timed-out'
  readonly exit: EngineExit
  readonly verdict: LogVerdict
  /** Why the log could not be read to its end; null when it was, or when there was none. */
  readonly logLost: string | null
  /** Size of the log as far as it was read, bytes. */
  readonly logBytes: number
  /** What the engine printed on stdout and stderr; the beginning or the end of it is enough. */
  readonly console: string
  /** The time that the run was given, milliseconds; null when it had no bound. */
  readonly timeoutMs: number | null
}

export type RunEnd = { readonly state: EndedState; readonly outcome: Outcome }

type EndedState = Extract<RunState, 'succeeded' | 'failed' | 'cancelled' | 'timed-out' | 'lost'>

/** The most of the engine's own words that a message repeats, in characters. */
const MAX_CONSOLE_CHARS = 1_000

export function decideOutcome(input: OutcomeInput): RunEnd {
  const { exit, intent } = input
  switch (exit.type) {
    case 'exited':
      if (intent !== 'none' && !(exit.exitCode === 0 && endedByItself(input))) return stopped(input, intent)
      return exit.exitCode === 0 ? asLogSays(input) : failedBy(input, exitMessage(exit.exitCode), 'exit-code')
    case 'signalled':
      if (intent !== 'none') return stopped(input, intent)
      return failedBy(input, signalMessage(exit.signal), 'signal')
    case 'vanished':
      if (intent !== 'none') return endedByItself(input) ? asLogSays(input) : stopped(input, intent)
      return isDefinite(input) ? asLogSays(input) : vanished(input, exit.why)
    default:
      return unreachable(exit)
  }
}

/** The log of a stopped engine has an end of the do-file's own making. A break may be of ours. */
function endedByItself(input: OutcomeInput): boolean {
  return isDefinite(input) && !(input.verdict.type === 'error' && input.verdict.rc === 1)
}

/** Nothing can have followed that the log does not show. */
function isDefinite({ verdict, logLost }: OutcomeInput): boolean {
  if (logLost !== null) return false
  switch (verdict.type) {
    case 'completed':
      return verdict.open === 0
    case 'error':
    case 'exited':
      return true
    case 'no-end-marker':
    case 'empty':
      return false
    default:
      return unreachable(verdict)
  }
}

/** The engine exited with 0, or its log leaves no doubt. */
function asLogSays(input: OutcomeInput): RunEnd {
  const { verdict, logLost } = input
  if (logLost !== null) return withoutLog(input, logLost)
  switch (verdict.type) {
    case 'completed':
      return end(input, 'succeeded', { reason: 'completed', rc: 0 })
    case 'exited':
      if (verdict.code === 0) return end(input, 'succeeded', { reason: 'completed', rc: 0 })
      return stataError(input, { ...verdict, rc: verdict.code, message: null })
    case 'error':
      return stataError(input, verdict)
    case 'no-end-marker': {
      const message =
        'Stata exited normally, but its log stops without the end of the do-file, so it is not known whether ' +
        `everything ran${whereIn(verdict)}. Look at the log's last lines; an "exit, STATA" inside a program or a loop ends a log like this.`
      return end(input, 'failed', { reason: 'no-end-marker', message, ...placeOf(verdict) })
    }
    case 'empty':
      return noLog(input, 'exited normally')
    default:
      return unreachable(verdict)
  }
}

function stataError(
  input: OutcomeInput,
  error: {
    readonly rc: number
    readonly message: string | null
    readonly command: string | null
    readonly line: number | null
  },
): RunEnd {
  const { rc, message, command, line } = error
  return end(input, 'failed', {
    reason: 'stata-error',
    rc,
    message: message ?? returnCodeMessage(rc),
    command,
    line,
  })
}

/** The engine did not exit with 0, and not because of Tailgate. */
function failedBy(input: OutcomeInput, how: string, reason: 'exit-code' | 'signal'): RunEnd {
  const { verdict, logLost } = input
  if (logLost !== null) {
    const message = `Stata ${how}. What it said of that is not known: its log could not be read to its end (${logLost}).`
    return end(input, 'failed', { reason, message })
  }
  switch (verdict.type) {
    case 'error':
      return stataError(input, verdict)
    case 'empty':
      if (reason === 'exit-code') return noLog(input, how)
      return end(input, 'failed', { reason, message: `Stata ${how}. It had not written anything to its log.` })
    case 'completed': {
      const message =
        verdict.open === 0
          ? `Stata ${how} after the do-file had ended. Its results may be complete; check them before you use them.`
          : `Stata ${how}.${wordsOf(input.console)}`
      return end(input, 'failed', { reason, message })
    }
    case 'exited':
    case 'no-end-marker': {
      const message = `Stata ${how}${whereIn(verdict)}.${wordsOf(input.console)}`
      return end(input, 'failed', { reason, message, ...placeOf(verdict) })
    }
    default:
      return unreachable(verdict)
  }
}

function stopped(input: OutcomeInput, intent: 'cancelled' | 'timed-out'): RunEnd {
  const where = input.verdict.type === 'no-end-marker' ? whereIn(input.verdict) : ''
  const message =
    intent === 'cancelled'
      ? `The run was cancelled${where}.`
      : `The run was stopped${where}: it had not ended ${withinTime(input.timeoutMs)}. Give it more time, or none, to let it end.`
  return end(input, intent, { reason: intent, message })
}

function withinTime(timeoutMs: number | null): string {
  return timeoutMs === null ? 'in its time' : `within ${timeoutMs / 1000} s`
}

/** Stata exits with 0 whether its do-file failed or not, and its log could not be read to its end. */
function withoutLog(input: OutcomeInput, why: string): RunEnd {
  const message =
    `It is not known how the run ended: Stata exited normally, as it does after an error too, and its log could not be read to its end (${why}). ` +
    'Check what it saved, or run it again.'
  return end(input, 'lost', { reason: 'log-lost', message })
}

function vanished(input: OutcomeInput, why: string): RunEnd {
  const { verdict, logLost } = input
  const log =
    logLost !== null
      ? `Its log could not be read to its end either (${logLost}).`
      : input.logBytes === 0
        ? 'It left no log.'
        : `Its log stops${whereIn(verdict)} without an end.`
  const message =
    `It is not known how the run ended: ${why.replace(/[.\s]+$/, '')}. ${log} ` +
    (input.logBytes === 0 ? 'Run it again.' : 'Check what it saved, or run it again.')
  return end(input, 'lost', { reason: 'engine-vanished', message, ...placeOf(verdict) })
}

function noLog(input: OutcomeInput, how: string): RunEnd {
  const words = wordsOf(input.console)
  const log = input.logBytes === 0 ? 'did not write a log' : 'wrote an empty log'
  const message =
    `Stata ${log} and ${how}.${words === '' ? ' It printed nothing either.' : words} ` +
    'Most often its licence is missing, invalid or in use elsewhere: start Stata by hand on this machine to see.'
  return end(input, 'failed', { reason: 'no-log', message })
}

function exitMessage(exitCode: number): string {
  const signal = exitCode > 128 && exitCode <= 128 + 64 ? `, as programs killed by signal ${exitCode - 128} do` : ''
  return `exited with status ${exitCode}${signal}`
}

function signalMessage(signal: string): string {
  const hint =
    signal === 'SIGKILL'
      ? ' (not by Tailgate; the system does that when it runs out of memory, and a cluster when a job exceeds its limits)'
      : ' (not by Tailgate)'
  return `was killed by ${signal}${hint}`
}

/** A sentence with the engine's own words, on one line; empty when it said nothing. */
function wordsOf(console: string): string {
  const words = console.trim().replace(/\s*\n\s*/g, ' / ')
  if (words === '') return ''
  return ` It printed: "${words.length > MAX_CONSOLE_CHARS ? `… ${words.slice(-MAX_CONSOLE_CHARS).trimStart()}` : words}".`
}

type Place = { readonly command: string | null; readonly line: number | null }

/** The longest command that a message repeats, in characters. */
const MAX_QUOTED_CHARS = 80

function whereIn(verdict: LogVerdict): string {
  const { command, line } = placeOf(verdict)
  if (command === null) return ''
  const quoted = command.length > MAX_QUOTED_CHARS ? `${command.slice(0, MAX_QUOTED_CHARS)}…` : command
  return ` after "${quoted}" (log line ${line})`
}

function placeOf(verdict: LogVerdict): Place {
  return verdict.type === 'no-end-marker' || verdict.type === 'exited' || verdict.type === 'error'
    ? { command: verdict.command, line: verdict.line }
    : { command: null, line: null }
}

function end(
  input: OutcomeInput,
  state: EndedState,
  outcome: { readonly reason: OutcomeReason } & Partial<Pick<Outcome, 'rc' | 'message' | 'command' | 'line'>>,
): RunEnd {
  const { exit } = input
  return {
    state,
    outcome: {
      rc: null,
      message: null,
      command: null,
      line: null,
      ...outcome,
      exitCode: exit.type === 'exited' ? exit.exitCode : null,
      signal: exit.type === 'signalled' ? exit.signal : null,
    },
  }
}
