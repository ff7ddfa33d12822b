import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { err, ok, type Result } from '@tailgate/shared'
import type { LaunchSpec } from './executor.ts'
import { LAUNCH_SCRIPT } from './launch-script.ts'
import { RUN_ID_VARIABLE } from './run-processes.ts'

/** A process that runs the launch script, in a session of its own. Until it is told what to launch, it waits. */

/** What a shell launches: the engine and its environment are given when it is made, the rest when it is used. */
export type Engine = Pick<LaunchSpec, 'command' | 'env'>

/** In the order in which the launch script reads them. */
export type LaunchPlace = {
  readonly runId: string
  readonly runDir: string
  readonly claimFile: string
  readonly exitFile: string
  readonly consoleFile: string
}

export class LaunchShell {
  readonly pid: number | undefined
  /** Its exit status, which is the engine's; null when a signal ended it. */
  readonly ended: Promise<number | null>
  readonly #line: Socket
  #hasEnded = false

  private constructor(child: ChildProcess) {
    this.pid = child.pid
    // @types/node does not know of descriptor 3, a socket that goes both ways.
    this.#line = child.stdio[3] as Socket
    // Of a shell that has ended; what it told says so.
    this.#line.on('error', () => {})
    this.ended = new Promise((resolve) => {
      child.once('exit', (status) => {
        this.#hasEnded = true
        resolve(status)
      })
    })
    child.unref()
    this.#line.unref()
  }

  /** The error is for the user. */
  static async start({ command, env }: Engine): Promise<Result<LaunchShell, string>> {
    try {
      const child = spawn('/bin/sh', ['-c', LAUNCH_SCRIPT, 'tailgate-launch', ...command], {
        // Where it waits it keeps nobody from unmounting anything.
        cwd: '/',
        env: { ...env, [RUN_ID_VARIABLE]: '' },
        detached: true,
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      })
      await new Promise((resolve, reject) => {
        child.once('spawn', resolve)
        child.once('error', reject)
      })
      return ok(new LaunchShell(child))
    } catch (error) {
      return err(error instanceof Error ? error.message : String(error))
    }
  }

  get isWaiting(): boolean {
    return !this.#hasEnded
  }

  /** Has it launch, once. The claim as it wrote it, or why it has none; nothing when it ended before it could tell. */
  async launch({ runId, runDir, claimFile, exitFile, consoleFile }: LaunchPlace): Promise<string> {
    this.#line.ref()
    this.#line.end([runId, runDir, claimFile, exitFile, consoleFile, ''].join('\n'))
    // The line breaks when it is killed with its orders unread.
    return await text(this.#line).catch(() => '')
  }

  /** Has it end without launching anything. */
  dismiss(): void {
    this.#line.destroy()
  }
}
