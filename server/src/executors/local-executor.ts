import { constants, type Stats } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { err, ok, type Result } from '@tailgate/shared'
import { exitOfStatus, readStatus, statusTime } from './engine-status.ts'
import type { EngineExit, Executor, LaunchAttempt, LaunchSpec, RunningEngine } from './executor.ts'
import {
  claimPath,
  exitPath,
  type LaunchClaim,
  parseClaim,
  readClaim,
  removeLinkedClaim,
  voidClaim,
} from './launch-claim.ts'
import type { LaunchShell } from './launch-shell.ts'
import { processIdentity, uptimeMs } from './process-identity.ts'
import { findProcesses, killProcesses, terminateProcesses } from './run-processes.ts'
import { SpareShell } from './spare-shell.ts'

/**
 * Runs engines as processes of this machine, each below a launch shell in a session of its own, so that they outlive
 * the gateway. All that is known of an engine lies in its run's directory; see `launch-script.ts`.
 */

/** How often an engine that is not our child (any more) is looked after. */
const ADOPTED_POLL_MS = 250

/** The system's clock was set if it says otherwise of a process than the kernel by this much. */
const CLOCK_SET_MS = 1_000

const GIVEN_UP = 'The engine was not started: its launch was given up.'

export const CONSOLE_FILE = 'console.txt'

export function createLocalExecutor(shells = new SpareShell()): Executor {
  return {
    kind: 'local',
    async launch(spec, givenUp) {
      const launched = await launch(spec, shells, givenUp)
      // Once those who wait for this engine have been told of it.
      if (launched.ok) setImmediate(() => void shells.prepare(spec))
      return launched
    },
    adopt,
    close: () => shells.close(),
  }
}

async function launch(
  spec: LaunchSpec,
  shells: SpareShell,
  givenUp: AbortSignal | undefined,
): Promise<Result<RunningEngine, string>> {
  const obstacle = await findObstacle(spec)
  if (obstacle !== null) return err(obstacle)
  if (givenUp?.aborted) return err(GIVEN_UP)
  let launched = await launchBelowShell(spec, shells, givenUp)
  // A shell may be killed by whoever does not know it, or by the kernel that is short of memory: then another is told.
  // A claim is made once, so that this never starts a second engine.
  const isRetried = launched.ok && launched.value.told === '' && givenUp?.aborted !== true
  if (isRetried) launched = await launchBelowShell(spec, shells, givenUp)
  if (!launched.ok) return err(`The engine could not be started: ${launched.error}.`)
  const { shell, told } = launched.value
  const claimed = parseClaim(told)
  if (claimed === null) {
    const why = await whyUnclaimed(spec, told)
    // The first one may have come as far as its claim.
    const engine = isRetried ? await adopt(spec) : null
    return engine === null ? err(why) : ok(engine)
  }
  const [claim] = await Promise.all([readClaim(spec).catch(() => null), removeLinkedClaim(spec, claimed.pid)])
  const known = claim ?? { ...claimed, claimedAt: Date.now() }
  const exited = shell.ended.then((status) => findExit(spec, known, status))
  return ok(runningEngine(spec.runId, known, exited, null))
}

/** Has a shell launch the engine, unless the launch is given up before that. What the shell told. */
async function launchBelowShell(
  spec: LaunchSpec,
  shells: SpareShell,
  givenUp: AbortSignal | undefined,
): Promise<Result<{ readonly shell: LaunchShell; readonly told: string }, string>> {
  const taken = await shells.take(spec)
  if (!taken.ok) return taken
  const shell = taken.value
  // Whoever has the claim first decides: the shell, or we, who make it void.
  const giveUp = () => void voidClaim(spec).catch(() => {})
  if (givenUp?.aborted) giveUp()
  givenUp?.addEventListener('abort', giveUp, { once: true })
  const { runId, runDir } = spec
  const consoleFile = join(runDir, CONSOLE_FILE)
  const told = await shell.launch({ runId, runDir, claimFile: claimPath(spec), exitFile: exitPath(spec), consoleFile })
  givenUp?.removeEventListener('abort', giveUp)
  return ok({ shell, told })
}

async function adopt(attempt: LaunchAttempt): Promise<RunningEngine | null> {
  try {
    const claim = (await voidClaim(attempt)) ? null : await readClaim(attempt)
    if (claim === null) return null
    const isGoing = (await processIdentity(claim.pid)) === claim.identity
    const startedAt = isGoing ? await startOf(claim) : claim.claimedAt
    const endedAt = isGoing ? null : await statusTime(exitPath(attempt))
    const exited = shellEnded(claim).then(() => findExit(attempt, claim, null))
    return runningEngine(attempt.runId, { ...claim, claimedAt: startedAt }, exited, endedAt)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const message = `cannot tell whether run ${attempt.runId} was started: ${why}. Check the data directory.`
    throw new Error(message, { cause })
  }
}

/** When the launch was claimed, by the clock as it is now: how long the machine has been up since tells if that was set. */
async function startOf({ claimedAt, uptimeMs: uptimeThen }: LaunchClaim): Promise<number> {
  const uptimeNow = await uptimeMs()
  if (uptimeThen === null || uptimeNow === null) return claimedAt
  const startedAt = Date.now() - (uptimeNow - uptimeThen)
  return Math.abs(startedAt - claimedAt) > CLOCK_SET_MS ? startedAt : claimedAt
}

function runningEngine(
  runId: string,
  claim: LaunchClaim,
  exited: Promise<EngineExit>,
  endedAt: number | null,
): RunningEngine {
  return {
    pid: claim.pid,
    startedAt: claim.claimedAt,
    endedAt,
    exited,
    terminate: () => terminateProcesses(runId, claim),
    kill: () => killProcesses(runId, claim),
  }
}

/** What a user can do something about is said before anything is launched. */
async function findObstacle({ runDir, command: [engine] }: LaunchSpec): Promise<string | null> {
  const advice = 'Check the engine with `tailgate doctor`.'
  const [isDirectory, isFile, executable] = await Promise.all([
    look(runDir, (status) => status.isDirectory()),
    look(engine, (status) => status.isFile()),
    access(engine, constants.X_OK).then(
      () => true,
      () => false,
    ),
  ])
  if (isDirectory !== true) return `The run's directory ${runDir} is not there (any more): start the run again.`
  if (runDir.includes('\n')) return `The run's directory ${runDir} has a line end in its name: use another --data-dir.`
  if (!isAbsolute(engine)) return `The engine ${engine} is not a full path. ${advice}`
  if (isFile === null) return `The engine ${engine} is not there (any more). ${advice}`
  if (!isFile) return `The engine ${engine} is not a file. ${advice}`
  return executable ? null : `The engine ${engine} may not be executed by this user. ${advice}`
}

/** Null when there is nothing at the path. */
async function look(path: string, answer: (status: Stats) => boolean): Promise<boolean | null> {
  return await stat(path).then(answer, () => null)
}

async function whyUnclaimed(spec: LaunchSpec, told: string): Promise<string> {
  if ((await look(claimPath(spec), () => true)) === true) {
    return `The engine was not started: attempt ${spec.attempt} of run ${spec.runId} was launched before or given up.`
  }
  const why = told.trim() === '' ? 'its launch shell was ended' : told.trim()
  return `The engine could not be started: ${why}. Check that the disk of ${spec.runDir} is not full and allows hard links.`
}

/** Waits until the launch shell is gone. While that cannot be told, it is taken to be there. */
async function shellEnded({ pid, identity }: LaunchClaim): Promise<void> {
  const isThere = () =>
    processIdentity(pid).then(
      (current) => current === identity,
      () => true,
    )
  while (await isThere()) await sleep(ADOPTED_POLL_MS, undefined, { ref: false })
}

/** How the engine ended, the launch shell being gone; waits for an engine that lives on without it. */
async function findExit(attempt: LaunchAttempt, claim: LaunchClaim, shellStatus: number | null): Promise<EngineExit> {
  const status = (await readStatus(exitPath(attempt))) ?? shellStatus
  if (status !== null) return exitOfStatus(status)
  const hasProcesses = () =>
    findProcesses(attempt.runId, claim).then(
      ({ group }) => group.length > 0,
      () => true,
    )
  while (await hasProcesses()) await sleep(ADOPTED_POLL_MS, undefined, { ref: false })
  return {
    type: 'vanished',
    why: 'the process that waited for it was killed before it could note how the engine ended, or the machine was restarted',
  }
}
