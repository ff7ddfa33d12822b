import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Who has a data directory, for telling whoever is refused. What keeps others out is the database's lock. */

const HOLDER_FILE = 'gateway.json'

/** Notes that the gateway of this process has the directory and listens at `url`. */
export async function noteHolder(dataDir: string, url: string): Promise<void> {
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, HOLDER_FILE), `${JSON.stringify({ pid: process.pid, url })}\n`)
}

/** Why a gateway cannot have a directory that another one has, for its user. */
export function alreadyHeld(dataDir: string): string {
  let holder = 'another gateway'
  try {
    const told: unknown = JSON.parse(readFileSync(join(dataDir, HOLDER_FILE), 'utf8'))
    if (typeof told === 'object' && told !== null && 'pid' in told && 'url' in told) {
      holder = `the gateway at ${told.url} (process ${told.pid})`
    }
  } catch {
    // It has not told yet where it listens.
  }
  return `The data directory ${dataDir} is in use by ${holder}. Use that one, stop it, or choose another directory with --data-dir.`
}
