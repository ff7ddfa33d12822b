import { mkdir, open, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LaunchAttempt } from './executor.ts'

/** The files in a run's directory by which launch attempts are told apart; `launch-script.ts` writes them. */

/** The launch shell of an attempt. */
export type LaunchClaim = {
  readonly pid: number
  /** See `process-identity.ts`. */
  readonly identity: string
  /** How long the machine had been up when it was made; null where systems do not tell. */
  readonly uptimeMs: number | null
  /** When it was made, milliseconds since 1970. */
  readonly claimedAt: number
}

export function claimPath({ runDir, attempt }: LaunchAttempt): string {
  return join(runDir, `engine-${attempt}.pid`)
}

export function exitPath({ runDir, attempt }: LaunchAttempt): string {
  return join(runDir, `engine-${attempt}.exit`)
}

/** What the launch script wrote as its claim; null when it is something else. */
export function parseClaim(text: string): Omit<LaunchClaim, 'claimedAt'> | null {
  const match = /^(\d+) (\S+)(?: (\d+\.\d+))?\n$/.exec(text)
  if (match === null) return null
  const [, pid, identity = '', uptime] = match
  return { pid: Number(pid), identity, uptimeMs: uptime === undefined ? null : Number(uptime) * 1_000 }
}

/** Removes the name from which a launch shell linked its claim. What is left of it is of no harm. */
export async function removeLinkedClaim(attempt: LaunchAttempt, pid: number): Promise<void> {
  await rm(`${claimPath(attempt)}.${pid}`, { force: true }).catch(() => {})
}

/** The claim of an attempt; null where there is none, or one that was made void. Rejects when that cannot be told. */
export async function readClaim(attempt: LaunchAttempt): Promise<LaunchClaim | null> {
  const path = claimPath(attempt)
  const claim = parseClaim(await readFile(path, 'utf8'))
  return claim && { ...claim, claimedAt: Math.floor((await stat(path)).mtimeMs) }
}

/**
 * Makes the claim of an attempt void, so that a launch still on its way can never begin; false when the attempt has
 * been claimed before. Rejects when neither is certain.
 */
export async function voidClaim(attempt: LaunchAttempt): Promise<boolean> {
  await mkdir(attempt.runDir, { recursive: true, mode: 0o700 })
  try {
    await (await open(claimPath(attempt), 'wx')).close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}
