import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** A user of this machine who is not the gateway's. Only root can be somebody else, so elsewhere these tests are skipped. */
export const STRANGER = 54_321

export function canBeSomebodyElse(): boolean {
  const can = process.platform === 'linux' && process.getuid?.() === 0
  if (!can) console.warn('SKIPPED: what another user of this machine can do (only root can try)')
  return can
}

const run = promisify(execFile)

/** What a program of the other user prints, and how it ended. */
export async function asStranger(
  file: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }> {
  const options = { uid: STRANGER, gid: STRANGER, cwd: '/', env: { PATH: process.env.PATH ?? '' } }
  return await run(file, args, options).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    ({ stdout, stderr, code }: { stdout: string; stderr: string; code: number }) => ({ stdout, stderr, code }),
  )
}

/** The other user's curl: the status of the answer, or 0 where there was none. */
export async function statusForStranger(...args: readonly string[]): Promise<number> {
  const { stdout } = await asStranger('curl', ['-s', '-o', '/dev/null', '-m', '30', '-w', '%{http_code}', ...args])
  return Number(stdout)
}
