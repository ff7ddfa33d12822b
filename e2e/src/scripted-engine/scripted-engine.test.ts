import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { canaryBlocks } from './canary.ts'
import { scriptedEngine } from './scripted-engine.ts'

/** The machine may be busy; the test's own time-out is the limit. */
const PATIENCE = { timeout: 20_000 }

describe.skipIf(process.platform === 'win32')('the scripted engine', () => {
  let directory = ''
  let engine = ''
  let runs = 0
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "scripted engine's-"))
    engine = await scriptedEngine(directory)
  })
  afterAll(() => rm(directory, { recursive: true }))

  /** Starts the engine on a do-file, by way of a wrapper such as the gateway writes. */
  async function start(lines: readonly string[], args = '') {
    runs += 1
    const user = path.join(directory, `user ${runs}.do`)
    await writeFile(user, lines.join('\n'))
    await writeFile(path.join(directory, `run${runs}.do`), `cd \`"${directory}"'\ndo \`"${user}"'${args}\n`)
    const child = spawn(engine, ['-b', '-q', 'do', `run${runs}.do`], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const log = path.join(directory, `run${runs}.log`)
    return {
      child,
      file: log,
      log: () => readFile(log, 'utf8'),
      output: text(child.stdout),
      errors: text(child.stderr),
    }
  }

  const at = (name: string) => path.join(directory, name)

  test('writes a log that begins and ends as that of Stata, and exits with 0', async () => {
    const { child, log } = await start(['* engine: print Hello', 'display "Stata `c(stata_version)\'"', 'clear all'])
    expect(await ended(child)).toEqual([0, null])
    expect(await log()).toMatch(
      /^\n\n\. cd `".+"'\n.+\n\n\. do `".+ 1\.do"'\n\nHello\nStata 18\.5\n\n\. \nend of do-file\n\n\. \nend of do-file\n$/,
    )
  })

  test('ends at an error as Stata does: at every level, and with 0', async () => {
    const { child, log } = await start([
      '* engine: echo generate y = x',
      '* engine: error 111 x not found',
      '* engine: print no',
    ])
    expect(await ended(child)).toEqual([0, null])
    expect(await log()).toMatch(
      /\n\. generate y = x\nx not found\nr\(111\);\n\nend of do-file\nr\(111\);\n\nend of do-file\nr\(111\);\n$/,
    )
  })

  test('passes arguments and environment on', async () => {
    const { child, log } = await start(['* engine: print-args', '* engine: print-env HOME'], ` 1 "" \`"a "b" c"' "d e"`)
    await ended(child)
    expect(await log()).toContain(`"1"\n""\n"a \\"b\\" c"\n"d e"\n${JSON.stringify(process.env.HOME ?? null)}\n`)
  })

  test('writes bytes, partial lines and bursts', async () => {
    const { child, log } = await start([
      '* engine: burst 20000',
      '* engine: bytes e2 82 ac',
      '* engine: partial ...',
      '* engine: exit 0',
    ])
    await ended(child)
    expect(await log()).toMatch(/\nline 1\nline 2\n.*\nline 20000\n€\.\.\.$/s)
  })

  test('writes numbered lines at a pace, the same for the same seed, in chunks that split characters', async () => {
    const canary = async () => {
      const { child, log } = await start(['* engine: canary 500 7 5000', '* engine: exit 0'])
      await ended(child)
      return (await log()).split('\n').filter((line) => line.startsWith('canary '))
    }
    const [lines, again] = [await canary(), await canary()]
    expect(lines.map((line) => Number(line.split(' ')[1]))).toEqual(Array.from({ length: 500 }, (_, i) => i + 1))
    expect(again).toEqual(lines)
    const chunks = [...canaryBlocks(500, 7)].flat()
    const isWhole = (chunk: Buffer) => Buffer.from(chunk.toString()).equals(chunk)
    expect(chunks.filter((chunk) => !isWhole(chunk)).length).toBeGreaterThan(3)
  })

  test('adds its process id to a file', async () => {
    const { child } = await start(['* engine: append-pid pids', '* engine: append-pid pids'])
    await ended(child)
    expect(await readFile(at('pids'), 'utf8')).toBe(`${child.pid}\n${child.pid}\n`)
  })

  test('waits for the test, and tells it how far it has come', async () => {
    const { child, log } = await start(['* engine: touch here', '* engine: wait-for go', '* engine: print gone'])
    await expect.poll(() => existsSync(at('here')), PATIENCE).toBe(true)
    expect(await log()).not.toContain('gone')
    await writeFile(at('go'), '')
    expect(await ended(child)).toEqual([0, null])
    expect(await log()).toContain('gone')
  })

  test.each([
    ['exit 3', [3, null]],
    ['crash SIGSEGV', [null, 'SIGSEGV']],
    ['crash SIGKILL', [null, 'SIGKILL']],
  ])('%s ends the process so, without an end in the log', async (directive, end) => {
    const { child, log } = await start([`* engine: ${directive}`])
    expect(await ended(child)).toEqual(end)
    expect(await log()).not.toContain('end of do-file')
  })

  test('without a licence it leaves words on stdout and stderr and no log', async () => {
    const { child, file, output, errors } = await start([
      '* engine: no-log',
      '* engine: stdout Stata',
      '* engine: stderr Cannot find license file',
      '* engine: exit 1',
    ])
    expect(await ended(child)).toEqual([1, null])
    expect([await output, await errors]).toEqual(['Stata\n', 'Cannot find license file\n'])
    expect(existsSync(file)).toBe(false)
  })

  test('dies of SIGTERM at once, unless it ignores signals', async () => {
    const plain = await start(['* engine: touch plain', '* engine: hang'])
    await expect.poll(() => existsSync(at('plain')), PATIENCE).toBe(true)
    plain.child.kill('SIGTERM')
    expect(await ended(plain.child)).toEqual([null, 'SIGTERM'])

    const deaf = await start(['* engine: ignore-signals', '* engine: touch deaf', '* engine: wait-for enough'])
    await expect.poll(() => existsSync(at('deaf')), PATIENCE).toBe(true)
    deaf.child.kill('SIGTERM')
    deaf.child.kill('SIGINT')
    await writeFile(at('enough'), '')
    expect(await ended(deaf.child)).toEqual([0, null])
  })

  test.each(['fork-child', 'fork-daemon'])('%s leaves a process behind that ignores SIGTERM', async (directive) => {
    const { child } = await start([`* engine: ${directive} ${directive}.pid`, `* engine: wait-for ${directive}.pid`])
    expect(await ended(child)).toEqual([0, null])
    const pid = Number(await readFile(at(`${directive}.pid`), 'utf8'))
    process.kill(pid, 'SIGTERM')
    await expect.poll(() => existsSync(at(`${directive}.pid.ignored`)), PATIENCE).toBe(true)
    process.kill(pid, 'SIGKILL')
  })

  test('empties, replaces and deletes its log', async () => {
    const truncated = await start([
      '* engine: print old',
      '* engine: truncate-log',
      '* engine: print new',
      '* engine: exit 0',
    ])
    await ended(truncated.child)
    expect(await truncated.log()).toBe('new\n')
    const replaced = await start([
      '* engine: print old',
      '* engine: replace-log',
      '* engine: print new',
      '* engine: exit 0',
    ])
    await ended(replaced.child)
    expect(await replaced.log()).toBe('new\n')
    const deleted = await start(['* engine: delete-log', '* engine: print on'])
    expect(await ended(deleted.child)).toEqual([0, null])
    expect(existsSync(deleted.file)).toBe(false)
  })

  test('says so when a directive is misspelt or the command line is not for batch mode', async () => {
    const misspelt = await start(['* engine: pritn x'])
    expect(await ended(misspelt.child)).toEqual([1, null])
    expect(await misspelt.errors).toContain('knows no directive "pritn"')
    const child = spawn(engine, ['do', 'run1.do'], { cwd: directory, stdio: 'ignore' })
    expect(await ended(child)).toEqual([2, null])
  })
})

async function ended(child: ChildProcess): Promise<unknown[]> {
  return child.exitCode === null && child.signalCode === null
    ? await once(child, 'exit')
    : [child.exitCode, child.signalCode]
}

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
