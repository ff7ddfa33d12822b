import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { vi } from 'vitest'
import type { Executor, LaunchAttempt, LaunchSpec, RunningEngine } from '../executor.ts'
import { RUN_ID_VARIABLE } from '../run-processes.ts'

/** For the tests of executors: a run directory, small engines to run in it, and a stop to everything afterwards. */

type Command = LaunchSpec['command']

/** An engine written for the shell; its arguments are `$1`, `$2`, … */
export function shEngine(script: string, ...args: string[]): Command {
  return ['/bin/sh', '-c', script, 'engine', ...args]
}

/** An engine written in JavaScript; its arguments begin at `process.argv[1]`. */
export function nodeEngine(code: string, ...args: string[]): Command {
  return [process.execPath, '-e', code, '--', ...args]
}

/** Runs until it is killed, and leaves a line in `starts` and its pid in `pid`. */
export const FOREVER = 'echo started >> starts; echo $$ > pid; while :; do sleep 1; done'

/** A process that should have ended by itself by now is killed. */
const ELSEWHERE_MS = 20_000

export type LaunchOptions = { readonly attempt?: number; readonly env?: Readonly<Record<string, string>> }

export class ExecutorRig {
  readonly runId = `test-${crypto.randomUUID()}`
  readonly runDir: string
  readonly executor: Executor
  readonly #source: string
  readonly #pids = new Set<number>()
  readonly #base = realpathSync(mkdtempSync(join(tmpdir(), 'tailgate-executor-')))

  /** `source`: an expression that makes such an executor in a Node process of its own. */
  constructor(executor: Executor, source: string) {
    this.executor = executor
    this.#source = source
    // Shells and file names have their troubles with blanks and quotes.
    this.runDir = join(this.#base, `it's a "run"`)
    mkdirSync(this.runDir)
  }

  attempt(attempt = 1): LaunchAttempt {
    return { runId: this.runId, runDir: this.runDir, attempt }
  }

  spec(command: Command, { attempt = 1, env = { PATH: process.env.PATH ?? '' } }: LaunchOptions = {}): LaunchSpec {
    return { ...this.attempt(attempt), command, env }
  }

  /** Launches an engine that is expected to start. */
  async launch(command: Command, options: LaunchOptions = {}): Promise<RunningEngine> {
    const launched = await this.executor.launch(this.spec(command, options))
    if (!launched.ok) throw new Error(`not launched: ${launched.error}`)
    return launched.value
  }

  /** Adopts an engine that is expected to be there. */
  async adopt(attempt = 1): Promise<RunningEngine> {
    const engine = await this.executor.adopt(this.attempt(attempt))
    if (engine === null) throw new Error(`there is no engine of attempt ${attempt}`)
    return engine
  }

  path(name: string): string {
    return join(this.runDir, name)
  }

  /** A file that the engine wrote, or '' where there is none. */
  read(name: string): string {
    try {
      return readFileSync(this.path(name), 'utf8')
    } catch {
      return ''
    }
  }

  /** How many engines wrote that they had started. */
  starts(): number {
    return this.read('starts').split('\n').length - 1
  }

  /** Waits until the engine has written a whole line into a file. */
  async line(name: string): Promise<string> {
    return await eventually(() => {
      const content = this.read(name)
      if (!content.endsWith('\n')) throw new Error(`no line in ${name} yet`)
      return content.trimEnd()
    })
  }

  /** Waits until the engine has written its pid into a file. */
  async pid(name = 'pid'): Promise<number> {
    const pid = Number(await this.line(name))
    this.#pids.add(pid)
    return pid
  }

  /**
   * Another process with an executor of its own that runs `code` (`executor` and `spec` are given). It ends by itself
   * when nothing keeps it, or is killed with SIGKILL.
   */
  elsewhere(code: string, spec: LaunchSpec): Elsewhere {
    const program = `const executor = await (${this.#source}); const spec = ${JSON.stringify(spec)}; ${code}`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: ELSEWHERE_MS,
      killSignal: 'SIGKILL',
    })
    const exit = once(child, 'exit')
    const output = text(child.stdout)
    return {
      ready: () => once(child.stdout, 'data'),
      ended: async () => {
        const [exitCode, signal] = await exit
        if (exitCode !== 0) throw new Error(`it did not end by itself: ${signal ?? exitCode}`)
        return await output
      },
      kill: async () => {
        child.kill('SIGKILL')
        await exit
      },
    }
  }

  /** Stops whatever carries the run's mark or told its pid, found without the executor's help. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of this.#pids) signal(pid, 'SIGKILL')
    await eventually(() => {
      const left = markedProcesses(this.runId)
      for (const pid of left) signal(pid, 'SIGKILL')
      if (left.length > 0) throw new Error(`still running: ${left.join(', ')}`)
    })
    rmSync(this.#base, { recursive: true, force: true })
  }
}

type Elsewhere = {
  /** Waits for the first thing it writes to standard output. */
  ready(): Promise<unknown>
  /** Waits until it ends by itself; what it wrote to standard output. */
  ended(): Promise<string>
  kill(): Promise<void>
}

/** Waits until `look` does not throw any more. */
export async function eventually<T>(look: () => T | Promise<T>): Promise<T> {
  return await vi.waitFor(look, { timeout: 20_000, interval: 10 })
}

/** Whether the engine is known to have ended, or will be within a moment. */
export async function hasEnded(engine: RunningEngine, withinMs = 50): Promise<boolean> {
  return await Promise.race([engine.exited.then(() => true), pause(withinMs).then(() => false)])
}

/** A moment in which a race may go either way; nothing is asserted about its length. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms))
}

/** Waits until a process is gone. */
export async function gone(pid: number): Promise<void> {
  await eventually(() => {
    if (isAlive(pid)) throw new Error(`process ${pid} is alive`)
  })
}

/** Whether a process runs; one that is dead and not yet waited for does not. */
export function isAlive(pid: number): boolean {
  if (!signal(pid, 0)) return false
  if (process.platform !== 'linux') return true
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

function markedProcesses(runId: string): number[] {
  const { stdout } = spawnSync('ps', ['axeww', '-o', 'pid=,stat=,command='], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  return stdout.split('\n').flatMap((row) => {
    const [pid = '', state = ''] = row.trim().split(/ +/)
    return row.includes(`${RUN_ID_VARIABLE}=${runId}`) && !state.startsWith('Z') ? [Number(pid)] : []
  })
}
