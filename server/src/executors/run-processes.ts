import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { LaunchClaim } from './launch-claim.ts'
import { processIdentity, readOfProcess, readStat } from './process-identity.ts'

/**
 * Finding what a run started: by the mark in its environment, which every descendant inherits whatever group or session
 * it moved to, and by the launch shell's process group, which those stay in that cleared their environment. The group
 * counts only while it is surely ours. Where environments cannot be read (not Linux), there is only the group.
 */

/** The environment variable that marks everything a run started. */
export const RUN_ID_VARIABLE = 'TAILGATE_RUN_ID'

/** How often a kill looks for what is left, at most, and how long it waits in between. */
const KILL_ROUNDS = 200
const KILL_ROUND_MS = 25
/** In the middle of an exec a process shows no environment, so one empty look is not enough. */
const ROUNDS_CLEAR = 2
/** How many rounds the launch shell has to end by itself once it is alone. */
const LEADER_ROUNDS = 20

export type RunProcesses = {
  /** Every process of the run, the launch shell too. */
  readonly all: readonly number[]
  /** Those of them in the launch shell's process group: the engine, and what it did not send away. */
  readonly group: readonly number[]
}

/** The processes of a run as of now. Rejects when that cannot be told. */
export async function findProcesses(runId: string, leader: LaunchClaim): Promise<RunProcesses> {
  const identity = await processIdentity(leader.pid)
  return process.platform === 'linux'
    ? await findByMark(runId, leader.pid, identity === leader.identity)
    : await findByGroup(leader.pid, identity === null || identity === leader.identity)
}

async function findByMark(runId: string, leader: number, groupIsOurs: boolean): Promise<RunProcesses> {
  const mark = `${RUN_ID_VARIABLE}=${runId}`
  const found = { all: [] as number[], group: [] as number[] }
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const pid = Number(name)
    const stat = await readStat(pid)
    if (stat === null || stat.dead) continue
    const inGroup = stat.group === leader
    const isOurs = (inGroup && groupIsOurs) || (await readOfProcess(pid, 'environ'))?.split('\0').includes(mark)
    if (!isOurs) continue
    found.all.push(pid)
    if (inGroup) found.group.push(pid)
  }
  return found
}

/** A group lives on after its leader, and its number is not given away while it does (POSIX, `setpgid`). */
async function findByGroup(leader: number, groupIsOurs: boolean): Promise<RunProcesses> {
  if (!groupIsOurs) return { all: [], group: [] }
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,pgid=,stat='], { maxBuffer: 2 ** 26 })
  const rows = stdout.split('\n').map((row) => row.trim().split(/ +/))
  const group = rows.flatMap(([pid, pgid, state]) =>
    Number(pgid) === leader && state?.startsWith('Z') === false ? [Number(pid)] : [],
  )
  return { all: group, group }
}

/**
 * Ends all processes of a run with SIGKILL and looks again until none is left. The launch shell is spared as long as
 * there are others, and for a moment longer, so that it can record how the engine ended.
 */
export async function killProcesses(runId: string, leader: LaunchClaim): Promise<void> {
  let roundsClear = 0
  let roundsAlone = 0
  for (let round = 0; round < KILL_ROUNDS && roundsClear < ROUNDS_CLEAR; round++) {
    const pids = await tryFind(runId, leader)
    const others = pids?.filter((pid) => pid !== leader.pid) ?? []
    roundsClear = pids?.length === 0 ? roundsClear + 1 : 0
    roundsAlone = pids?.length === 1 && others.length === 0 ? roundsAlone + 1 : 0
    signalAll(roundsAlone > LEADER_ROUNDS ? [leader.pid] : others, 'SIGKILL')
    await sleep(KILL_ROUND_MS)
  }
}

/** Asks all processes of a run to end with SIGTERM. */
export async function terminateProcesses(runId: string, leader: LaunchClaim): Promise<void> {
  for (let round = 0; round < KILL_ROUNDS; round++) {
    const pids = await tryFind(runId, leader)
    if (pids !== null) return signalAll(pids, 'SIGTERM')
    await sleep(KILL_ROUND_MS)
  }
}

/** Null when it cannot be told at the moment, such as for want of file descriptors. */
async function tryFind(runId: string, leader: LaunchClaim): Promise<readonly number[] | null> {
  return await findProcesses(runId, leader).then(
    ({ all }) => all,
    () => null,
  )
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
