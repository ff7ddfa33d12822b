import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { err, ok, type Result } from '@tailgate/shared'
import { MIGRATIONS } from './migrations.ts'

/** SQLite's result codes for a database that somebody else holds; extended codes have them in the low byte. */
const HELD_CODES = [5, 6]

/**
 * Opens the data directory's database: WAL, each commit on the disk before it returns, and locked for this process
 * alone, so that a second gateway on the same directory is refused (`locked`). The lock goes with the process, however
 * it ends. Any other error is for the user.
 */
export function openDatabase(dataDir: string, migrations = MIGRATIONS): Result<DatabaseSync, string> {
  const path = join(dataDir, 'tailgate.sqlite')
  let database: DatabaseSync | null = null
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const obstacle = whyNotWritable(dataDir) ?? whyNotWritable(path)
    if (obstacle !== null) return err(obstacle)
    database = new DatabaseSync(path)
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    // Takes the lock now rather than at the first write.
    database.exec('BEGIN EXCLUSIVE; COMMIT;')
    return migrate(database, path, migrations)
  } catch (error) {
    database?.close()
    if (error instanceof Error && 'errcode' in error && HELD_CODES.includes(Number(error.errcode) & 0xff)) {
      return err('locked')
    }
    const message = error instanceof Error ? error.message : String(error)
    return err(`the database ${path} cannot be opened: ${message}; repair it, or use another data directory`)
  }
}

/** SQLite would only say "disk I/O error" of a read-only disk. What is not there yet is no obstacle. */
function whyNotWritable(path: string): string | null {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return null
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException // what the file system throws has a code
    return code === 'ENOENT'
      ? null
      : `${path} cannot be read and written by this user (${code}); make it so, or use another data directory`
  }
}

/** Each step lands whole or not at all. */
function migrate(database: DatabaseSync, path: string, migrations: readonly string[]): Result<DatabaseSync, string> {
  const row = database.prepare('PRAGMA user_version').get()
  const version = Number(row?.user_version ?? 0)
  if (version > migrations.length) {
    database.close()
    return err(`the database ${path} was written by a newer Tailgate; run that version, or use another data directory`)
  }
  for (const [step, sql] of migrations.entries()) {
    if (step < version) continue
    database.exec(`BEGIN; ${sql} PRAGMA user_version = ${step + 1}; COMMIT;`)
  }
  return ok(database)
}
