import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { err, ok, type Result } from '@tailgate/shared'
import { MIGRATIONS } from './migrations.ts'

/**
 * Opens the data directory's database: WAL, each commit on the disk before it returns, and locked for this process
 * alone, so that a second gateway on the same directory is refused. The lock goes with the process, however it ends.
 */
export function openDatabase(dataDir: string): Result<DatabaseSync, string> {
  const path = join(dataDir, 'tailgate.sqlite')
  let database: DatabaseSync | null = null
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    database = new DatabaseSync(path)
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    // Takes the lock now rather than at the first write.
    database.exec('BEGIN EXCLUSIVE; COMMIT;')
    return migrate(database, path)
  } catch (error) {
    database?.close()
    const message = error instanceof Error ? error.message : String(error)
    if (/locked|busy/i.test(message)) return err('locked')
    return err(`the database ${path} cannot be opened: ${message}`)
  }
}

function migrate(database: DatabaseSync, path: string): Result<DatabaseSync, string> {
  const row = database.prepare('PRAGMA user_version').get()
  const version = Number(row?.user_version ?? 0)
  if (version > MIGRATIONS.length) {
    database.close()
    return err(`the database ${path} was written by a newer Tailgate; run that version, or use another data directory`)
  }
  for (const [step, sql] of MIGRATIONS.entries()) {
    if (step < version) continue
    database.exec(`BEGIN; ${sql} PRAGMA user_version = ${step + 1}; COMMIT;`)
  }
  return ok(database)
}
