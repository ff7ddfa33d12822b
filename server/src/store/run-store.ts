import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite'
import { type RunState, runStateSchema } from '@tailgate/shared'
import * as z from 'zod'
import { type StoredRun, storedRunSchema } from './stored-run.ts'

/** The runs of a data directory. Every write is on the disk when the call returns. */

/** Column and encoding of each field that may be written. */
const COLUMNS = {
  id: (run) => run.id,
  state: (run) => run.state,
  intent: (run) => run.intent,
  file: (run) => run.file,
  args: (run) => JSON.stringify(run.args),
  working_dir: (run) => run.workingDir,
  engine: (run) => JSON.stringify(run.engine),
  executor: (run) => run.executor,
  started_by: (run) => run.startedBy,
  run_key: (run) => run.runKey,
  request_digest: (run) => run.requestDigest,
  cancel_on_disconnect: (run) => (run.cancelOnDisconnect ? 1 : 0),
  attempt: (run) => run.attempt,
  timeout_ms: (run) => run.timeoutMs,
  queued_at: (run) => run.queuedAt,
  started_at: (run) => run.startedAt,
  ended_at: (run) => run.endedAt,
  elapsed_ms: (run) => run.elapsedMs,
  outcome: (run) => (run.outcome === null ? null : JSON.stringify(run.outcome)),
  progress: (run) => JSON.stringify(run.progress),
  artifacts: (run) => JSON.stringify(run.artifacts),
  generation: (run) => run.generation,
  log_bytes: (run) => run.logBytes,
  log_lines: (run) => run.logLines,
} satisfies Record<string, (run: StoredRun) => SQLInputValue>

const NAMES = Object.keys(COLUMNS)

/** Where a text is looked for. SQLite compares letters without regard to case, beyond ASCII with. */
const SEARCHED = [
  'file',
  'args',
  'started_by',
  "json_extract(outcome, '$.message')",
  "'r(' || json_extract(outcome, '$.rc') || ')'",
]

export type ListOptions = {
  readonly states?: readonly RunState[] | undefined
  /** Of this do-file. */
  readonly file?: string | undefined
  /** With this text in their file, arguments, starter or outcome. */
  readonly text?: string | undefined
  /** Only runs older than the one with this id. */
  readonly before?: string | undefined
  readonly limit: number
}

export class RunStore {
  readonly #database: DatabaseSync
  readonly #save: StatementSync
  readonly #byId: StatementSync
  readonly #byKey: StatementSync
  readonly #remove: StatementSync
  readonly #durations: StatementSync
  readonly #counts: StatementSync
  readonly #ended: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    const updates = NAMES.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`)
    this.#save = database.prepare(
      `INSERT INTO runs (${NAMES.join(', ')}) VALUES (${NAMES.map(() => '?').join(', ')})
       ON CONFLICT (id) DO UPDATE SET ${updates.join(', ')}`,
    )
    this.#byId = database.prepare('SELECT * FROM runs WHERE id = ?')
    this.#byKey = database.prepare('SELECT * FROM runs WHERE run_key = ?')
    this.#remove = database.prepare('DELETE FROM runs WHERE id = ?')
    this.#ended = database.prepare('SELECT id, ended_at, log_bytes FROM runs WHERE ended_at IS NOT NULL')
    this.#counts = database.prepare('SELECT state, count(*) AS count FROM runs GROUP BY state')
    this.#durations = database.prepare(
      `SELECT elapsed_ms FROM runs WHERE file = ? AND state = 'succeeded' AND elapsed_ms IS NOT NULL
       ORDER BY ended_at DESC LIMIT ?`,
    )
  }

  /** Adds the run, or replaces what was stored of it. */
  save(run: StoredRun): void {
    this.#save.run(...Object.values(COLUMNS).map((encode) => encode(run)))
  }

  get(id: string): StoredRun | undefined {
    const row = this.#byId.get(id)
    return row && readRow(row)
  }

  byRunKey(key: string): StoredRun | undefined {
    const row = this.#byKey.get(key)
    return row && readRow(row)
  }

  /** Runs newest first, beginning after the id `before`. */
  list(options: ListOptions): StoredRun[] {
    const { states, file, text, before, limit } = options
    const conditions: string[] = []
    const values: SQLInputValue[] = []
    if (states !== undefined) {
      conditions.push(`state IN (${states.map(() => '?').join(', ')})`)
      values.push(...states)
    }
    if (file !== undefined) {
      conditions.push('file = ?')
      values.push(file)
    }
    if (text !== undefined && text !== '') {
      conditions.push(`(${SEARCHED.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')})`)
      values.push(...SEARCHED.map(() => `%${text.replace(/[\\%_]/g, '\\$&')}%`))
    }
    if (before !== undefined) {
      conditions.push('id < ?')
      values.push(before)
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
    const rows = this.#database.prepare(`SELECT * FROM runs ${where} ORDER BY id DESC LIMIT ?`).all(...values, limit)
    return rows.map(readRow)
  }

  /** How many runs there are in each state. */
  countByState(): Record<RunState, number> {
    const counts = Object.fromEntries(runStateSchema.options.map((state) => [state, 0]))
    for (const { state, count } of this.#counts.all()) counts[String(state)] = Number(count)
    return z.record(runStateSchema, z.number()).parse(counts)
  }

  /** Id of the newest run; null when there is none. */
  newestId(): string | null {
    const row = this.#database.prepare('SELECT max(id) AS id FROM runs').get()
    return typeof row?.id === 'string' ? row.id : null
  }

  /** Durations of the newest successful runs of a do-file, milliseconds. */
  durations(file: string, limit: number): number[] {
    return this.#durations.all(file, limit).map((row) => Number(row.elapsed_ms))
  }

  /** What retention needs to know of each ended run. */
  ended(): { id: string; endedAt: number; bytes: number }[] {
    return this.#ended.all().map((row) => ({
      id: String(row.id),
      endedAt: Number(row.ended_at),
      bytes: Number(row.log_bytes),
    }))
  }

  remove(id: string): void {
    this.#remove.run(id)
  }

  close(): void {
    this.#database.close()
  }
}

/** A row that Tailgate did not write is not guessed at. */
function readRow(row: Record<string, SQLOutputValue>): StoredRun {
  const read = storedRunSchema.safeParse(row)
  if (read.success) return read.data
  const faults = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Error(
    `The record of run ${row.id} in the database is damaged (${faults.join('; ')}). Stop the gateway and restore the database from a backup, or delete that row.`,
  )
}
