import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { MIGRATIONS } from './migrations.ts'

let base = ''
let dataDir = ''
const opened: DatabaseSync[] = []
const children: ChildProcess[] = []

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'tailgate-database-'))
  dataDir = join(base, 'data')
})
afterEach(async () => {
  for (const database of opened.splice(0)) if (database.isOpen) database.close()
  for (const child of children.splice(0)) await kill(child)
  rmSync(base, { recursive: true })
})

const databaseFile = () => join(dataDir, 'tailgate.sqlite')

/** Opens it, which is expected to work. */
function open(migrations?: readonly string[]): DatabaseSync {
  const database = openDatabase(dataDir, migrations)
  if (!database.ok) throw new Error(database.error)
  opened.push(database.value)
  return database.value
}

function errorOf(migrations?: readonly string[]): string {
  const database = openDatabase(dataDir, migrations)
  if (!database.ok) return database.error
  opened.push(database.value)
  return 'opened'
}

/** A process of its own that opens the database, does something with it, and holds it. */
async function holdElsewhere(action = ''): Promise<ChildProcess> {
  const code = `
    import { openDatabase } from '${new URL('./database.ts', import.meta.url)}'
    const database = openDatabase(${JSON.stringify(dataDir)}).value
    ${action}
    console.log('held')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

const schemaOf = (database: DatabaseSync) => database.prepare('SELECT type, name, sql FROM sqlite_schema').all()
const versionOf = (database: DatabaseSync) => database.prepare('PRAGMA user_version').get()?.user_version

describe('the migrations', () => {
  test('make a new database in a directory that was not there, for its owner alone', () => {
    expect(versionOf(open())).toBe(MIGRATIONS.length)
    expect(statSync(dataDir).mode & 0o777).toBe(0o700)
  })

  test('are not made again when it is opened again', () => {
    const first = open()
    const schema = schemaOf(first)
    first.exec(`CREATE TABLE mine (x); INSERT INTO mine VALUES (7)`)
    first.close()
    const again = open()
    expect(versionOf(again)).toBe(MIGRATIONS.length)
    expect(schemaOf(again).filter(({ name }) => name !== 'mine')).toEqual(schema)
    expect(again.prepare('SELECT x FROM mine').get()).toEqual({ x: 7 })
  })

  test('go on where an older version stopped', () => {
    open(['CREATE TABLE a (x); INSERT INTO a VALUES (1);']).close()
    const newer = open(['nonsense, never run again;', 'CREATE TABLE b AS SELECT x + 1 AS y FROM a;'])
    expect(newer.prepare('SELECT y FROM b').get()).toEqual({ y: 2 })
    expect(versionOf(newer)).toBe(2)
  })

  test('that fail half-way leave the database as it was', () => {
    open(['CREATE TABLE a (x);']).close()
    expect(errorOf(['', 'CREATE TABLE b (x); INSERT INTO nowhere VALUES (1);'])).toMatch(
      /tailgate\.sqlite cannot be opened: no such table: nowhere/,
    )
    const before = open(['CREATE TABLE a (x);'])
    expect(schemaOf(before).map(({ name }) => name)).toEqual(['a'])
    expect(versionOf(before)).toBe(1)
  })
})

describe('a database that cannot be used', () => {
  test('of a newer Tailgate is refused and left alone', () => {
    open([...MIGRATIONS, 'CREATE TABLE later (x);']).close()
    const before = readFileSync(databaseFile())
    expect(errorOf()).toBe(
      `The database ${databaseFile()} was written by a newer Tailgate: run that version, or choose another data directory with --data-dir.`,
    )
    expect(readFileSync(databaseFile())).toEqual(before)
    expect(errorOf([...MIGRATIONS, ''])).toBe('opened')
  })

  test('that is no database is refused and left alone', () => {
    open().close()
    writeFileSync(databaseFile(), 'not a database, but somebody needs it'.repeat(100))
    const before = readFileSync(databaseFile())
    expect(errorOf()).toMatch(/tailgate\.sqlite cannot be opened: file is not a database\. Repair it, /)
    expect(readFileSync(databaseFile())).toEqual(before)
  })

  test('whose directory cannot be made is not said to be locked, whatever its name', () => {
    writeFileSync(join(base, 'busy'), '')
    dataDir = join(base, 'busy', 'locked')
    expect(errorOf()).toBe(
      `The data directory ${dataDir} cannot be created: something in its way is not a directory. ` +
        'Mend that, or choose another data directory with --data-dir.',
    )
  })

  // Node's recursive mkdir never returns from such a place.
  test.runIf(process.platform === 'linux')('whose directory the file system will not have is refused', () => {
    dataDir = '/proc/nowhere/data'
    expect(errorOf()).toMatch(/^The data directory \/proc\/nowhere\/data cannot be created: .*ENOENT.* --data-dir\.$/)
  })
})

describe('the lock', () => {
  test('refuses a second process at once, and this one a second time', async () => {
    const holder = await holdElsewhere()
    expect(errorOf()).toBe('locked')
    await kill(holder)
    expect(errorOf()).toBe('opened')
    expect(errorOf()).toBe('locked')
  })

  test('keeps other programs from reading or writing', () => {
    open()
    const other = new DatabaseSync(databaseFile())
    opened.push(other)
    expect(() => other.exec('DELETE FROM runs')).toThrow(/locked/)
    expect(() => other.prepare('SELECT * FROM runs').all()).toThrow(/locked/)
  })

  test('is given back by closing', () => {
    open().close()
    expect(errorOf()).toBe('opened')
  })

  test('goes with a process that is killed, and what it had written is there', async () => {
    const holder = await holdElsewhere(`
      database.exec('CREATE TABLE mine (x)')
      for (let x = 0; x < 100; x++) database.prepare('INSERT INTO mine VALUES (?)').run(x)
      database.exec('BEGIN; INSERT INTO mine VALUES (1000)')`)
    await kill(holder)
    const mine = open().prepare('SELECT count(*) AS n, max(x) AS last FROM mine').get()
    expect(mine).toEqual({ n: 100, last: 99 })
  })

  test('is not inherited by what the holder starts', async () => {
    const holder = await holdElsewhere(`
      const { spawn } = await import('node:child_process')
      const engine = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' })
      const { writeFileSync } = await import('node:fs')
      writeFileSync(${JSON.stringify(join(base, 'engine'))}, String(engine.pid))`)
    await kill(holder)
    expect(errorOf()).toBe('opened')
    process.kill(Number(readFileSync(join(base, 'engine'), 'utf8')), 'SIGKILL')
  })
})
