import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const MAIN = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url))
const run = promisify(execFile)

/** The `tailgate` command, to its end. */
export async function tailgate(
  ...args: readonly string[]
): Promise<{ readonly stdout: string; readonly stderr: string; readonly code: number }> {
  return await run(process.execPath, [MAIN, ...args]).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    ({ stdout, stderr, code }: { stdout: string; stderr: string; code: number }) => ({ stdout, stderr, code }),
  )
}
