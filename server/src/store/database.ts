import { accessSync, closeSync, constants, fchmodSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { err, ok, type Result } from '@tailgate/shared'
import { MIGRATIONS } from './migrations.ts'

/** SQLite's result codes for a database that somebody else holds; extended codes have them in the low byte. */
const HELD_CODES = [5, 6]

const CHOOSE_ANOTHER = 'or choose another data directory with --data-dir.'

/**
 * Opens the data directory's database: WAL, each commit on the disk before it returns, and locked for this process
 * alone, so that a second gateway on the same directory is refused (`locked`). The lock goes with the process, however
 * it ends. Any other error is for the user.
 */
export function openDatabase(dataDir: string, migrations = MIGRATIONS): Result<DatabaseSync, string> {
  const path = join(dataDir, 'tailgate.sqlite')
  let database: DatabaseSync | null = null
  try {
    createDirectory(dataDir)
  } catch (error) {
    return err(`The data directory ${dataDir} cannot be created: ${whyNotCreated(error)}. Mend that, ${CHOOSE_ANOTHER}`)
  }
  try {
    const obstacle = whyNotWritable(dataDir) ?? whyNotWritable(path)
    if (obstacle !== null) return err(obstacle)
    keepPrivate(path)
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
    return err(`The database ${path} cannot be opened: ${message}. Repair it, ${CHOOSE_ANOTHER}`)
  }
}

/** File names and arguments are nobody else's business. SQLite gives the files beside the database the same mode. */
function keepPrivate(path: string): void {
  const file = openSync(path, 'a', 0o600)
  fchmodSync(file, 0o600)
  closeSync(file)
}

/** Not Node's recursive `mkdir`: that never returns where the system says ENOENT of a parent that is there. */
function createDirectory(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(path) !== path) createDirectory(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    // Another process may have made it in between.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

function whyNotCreated(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException // what the file system throws has both
  switch (code) {
    case 'EEXIST':
    case 'ENOTDIR':
      return 'something in its way is not a directory'
    case 'EACCES':
    case 'EPERM':
      return 'this user may not write there'
    default:
      return message
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
      : `${path} cannot be read and written by this user (${code}). Make it so, ${CHOOSE_ANOTHER}`
  }
}

/** Each step lands whole or not at all. */
function migrate(database: DatabaseSync, path: string, migrations: readonly string[]): Result<DatabaseSync, string> {
  const row = database.prepare('PRAGMA user_version').get()
  const version = Number(row?.user_version ?? 0)
  if (version > migrations.length) {
    database.close()
    return err(`The database ${path} was written by a newer Tailgate: run that version, ${CHOOSE_ANOTHER}`)
  }
  for (const [step, sql] of migrations.entries()) {
    if (step < version) continue
    database.exec(`BEGIN; ${sql} PRAGMA user_version = ${step + 1}; COMMIT;`)
  }
  return ok(database)
}
