import { spawn } from 'node:child_process'
import { open, readFile, stat } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { err, ok, type Result } from '@tailgate/shared'
import type { EngineExit, Executor, LaunchSpec, RunningEngine } from './executor.ts'
import { LAUNCH_SCRIPT } from './launch-script.ts'
import { processesOfRun, processIdentity, RUN_ID_VARIABLE } from './process-identity.ts'

/**
 * Runs engines as processes of this machine, each in a session of its own, so that they outlive the gateway.
 */

/** How often an engine that is not our child (any more) is looked after. */
const ADOPTED_POLL_MS = 250
/** A claim is created and filled in one breath; longer than this it is taken for broken. */
const CLAIM_FILLED_WITHIN_MS = 2_000
/** How often a kill is repeated until nothing of the run is left, and how often that is looked at. */
const KILL_ROUNDS = 20
const KILL_ROUND_MS = 50

export const CONSOLE_FILE = 'console.txt'

export function createLocalExecutor(): Executor {
  return {
    kind: 'local',
    launch: (spec) => launch(spec),
    adopt: ({ runDir, runId, attempt }) => adopt(runDir, runId, attempt),
  }
}

const claimPath = (runDir: string, attempt: number) => join(runDir, `engine-${attempt}.pid`)
const exitPath = (runDir: string, attempt: number) => join(runDir, `engine-${attempt}.exit`)

async function launch(spec: LaunchSpec): Promise<Result<RunningEngine, string>> {
  const { runDir, runId, attempt, command } = spec
  const files = [claimPath(runDir, attempt), exitPath(runDir, attempt), join(runDir, CONSOLE_FILE)]
  const child = spawn('/bin/sh', ['-c', LAUNCH_SCRIPT, 'tailgate-launch', ...files, ...command], {
    cwd: runDir,
    env: { ...spec.env, [RUN_ID_VARIABLE]: runId },
    detached: true,
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const failure = await new Promise<Error | null>((resolve) => {
    child.once('error', resolve)
    child.once('spawn', () => resolve(null))
  })
  if (failure !== null || child.pid === undefined) {
    return err(`The engine could not be started: ${failure?.message ?? 'no process was made'}.`)
  }
  child.unref()
  const exited = ended.then(() => readExit(runDir, attempt))
  return ok(runningEngine(child.pid, Date.now(), runId, exited))
}

async function adopt(runDir: string, runId: string, attempt: number): Promise<RunningEngine | null> {
  const claim = await readClaim(claimPath(runDir, attempt))
  if (claim === null) return null
  const { pid, identity, startedAt } = claim
  const exited = (async () => {
    while ((await processIdentity(pid)) === identity) await sleep(ADOPTED_POLL_MS)
    return await readExit(runDir, attempt)
  })()
  return runningEngine(pid, startedAt, runId, exited)
}

function runningEngine(pid: number, startedAt: number, runId: string, exited: Promise<EngineExit>): RunningEngine {
  return {
    pid,
    startedAt,
    exited,
    terminate: async () => signalAll(await processesOfRun(runId, pid), 'SIGTERM'),
    kill: () => killRun(runId, pid),
  }
}

/** The launch shell (`leader`) is spared as long as others are left, so that it can record how the engine ended. */
async function killRun(runId: string, leader: number): Promise<void> {
  for (let round = 0; round < KILL_ROUNDS; round++) {
    const pids = await processesOfRun(runId, leader)
    if (pids.length === 0) return
    const others = pids.filter((pid) => pid !== leader)
    signalAll(others.length > 0 || round < KILL_ROUNDS / 2 ? others : pids, 'SIGKILL')
    await sleep(KILL_ROUND_MS)
  }
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // Gone between the look and the signal.
    }
  }
}

/** Reads a launch's claim; where there is none, makes it void so that a launch still on its way can never begin. */
type Claim = { pid: number; identity: string; startedAt: number }

async function readClaim(path: string): Promise<Claim | null> {
  const deadline = Date.now() + CLAIM_FILLED_WITHIN_MS
  try {
    await (await open(path, 'wx')).close()
    return null
  } catch {
    // It exists: the engine was started.
  }
  while (Date.now() < deadline) {
    const match = /^(\d+) (\S+)\n$/.exec(await readFile(path, 'utf8').catch(() => ''))
    if (match !== null) {
      const { mtimeMs } = await stat(path)
      return { pid: Number(match[1]), identity: match[2] ?? '', startedAt: mtimeMs }
    }
    await sleep(ADOPTED_POLL_MS)
  }
  return null
}

async function readExit(runDir: string, attempt: number): Promise<EngineExit> {
  const text = await readFile(exitPath(runDir, attempt), 'utf8').catch(() => '')
  if (!/^\d+\n$/.test(text)) return { type: 'vanished', why: 'it ended without leaving an exit status' }
  const status = Number(text)
  // A shell reports a death by signal N as 128 + N (POSIX, Shell Command Language 2.8.2).
  const signal = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0]
  return signal === undefined ? { type: 'exited', exitCode: status } : { type: 'signalled', signal }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
