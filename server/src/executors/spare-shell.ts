import { ok, type Result } from '@tailgate/shared'
import { type Engine, LaunchShell } from './launch-shell.ts'

/**
 * Keeps one launch shell ready for the next launch, since a process as large as the gateway takes milliseconds to make
 * another: the system copies its page tables. So a start does not wait for that.
 */
export class SpareShell {
  readonly #start: typeof LaunchShell.start
  #spare: { readonly purpose: string; readonly shell: LaunchShell } | null = null
  #isStarting = false
  #isClosed = false

  constructor(start: typeof LaunchShell.start = LaunchShell.start) {
    this.#start = start
  }

  /** The spare, where there is one for this engine, else a new shell. */
  async take(engine: Engine): Promise<Result<LaunchShell, string>> {
    const spare = this.#spare
    this.#spare = null
    if (spare?.purpose === purposeOf(engine) && spare.shell.isWaiting) return ok(spare.shell)
    spare?.shell.dismiss()
    return await this.#start(engine)
  }

  /** Sees to it that there is a spare for an engine. If none can be made now, the next launch makes its own. */
  async prepare(engine: Engine): Promise<void> {
    if (this.#spare?.shell.isWaiting || this.#isStarting || this.#isClosed) return
    this.#isStarting = true
    const started = await this.#start(engine)
    this.#isStarting = false
    if (!started.ok) return
    if (this.#isClosed) started.value.dismiss()
    else this.#spare = { purpose: purposeOf(engine), shell: started.value }
  }

  /** Ends the spare; from now on there is none. */
  close(): void {
    this.#isClosed = true
    this.#spare?.shell.dismiss()
    this.#spare = null
  }
}

/** Shells with the same are alike. */
function purposeOf({ command, env }: Engine): string {
  return JSON.stringify([command, env])
}
