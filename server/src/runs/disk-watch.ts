import type { Timers } from './run-clock.ts'

/**
 * Watches the free space of the data directory's disk: engines write their logs there, and a full disk breaks runs that
 * have been going for hours. Low space is told early; new starts are refused before it is gone.
 */

/** Below this, `/health` and the runs say so, … */
const LOW_BYTES = 1024 * 1024 * 1024
/** … and below this nothing new is started. A disk that is smaller than that altogether counts by its share. */
const FULL_BYTES = 128 * 1024 * 1024
const LOW_SHARE = 0.05
const FULL_SHARE = 0.01
const CHECK_INTERVAL_MS = 5_000

/** Free and total bytes of the file system that holds a directory. */
export type DiskSpace = (directory: string) => Promise<{ readonly free: number; readonly total: number }>

export type DiskState = { readonly type: 'enough' } | { readonly type: 'low' | 'full'; readonly message: string }

export function judgeDisk(directory: string, free: number, total: number): DiskState {
  const below = (bytes: number, share: number) => free < Math.min(bytes, total * share)
  const left = `${Math.floor(free / 1024 / 1024)} MiB`
  if (below(FULL_BYTES, FULL_SHARE)) {
    const message = `The disk of the data directory ${directory} is full (${left} left): no run is started until there is room. Delete old runs or free space.`
    return { type: 'full', message }
  }
  if (below(LOW_BYTES, LOW_SHARE)) {
    const message = `The disk of the data directory ${directory} is nearly full (${left} left): logs may soon be cut short. Delete old runs or free space.`
    return { type: 'low', message }
  }
  return { type: 'enough' }
}

export class DiskWatch {
  readonly #directory: string
  readonly #space: DiskSpace
  readonly #timers: Timers
  readonly #onChange: () => void
  #state: DiskState = { type: 'enough' }
  #cancel = () => {}
  #stopped = false

  constructor(directory: string, space: DiskSpace, timers: Timers, onChange: () => void) {
    this.#directory = directory
    this.#space = space
    this.#timers = timers
    this.#onChange = onChange
  }

  get state(): DiskState {
    return this.#state
  }

  /** Looks now, and from then on again and again. */
  async start(): Promise<void> {
    await this.check()
    if (!this.#stopped) this.#cancel = this.#timers.after(CHECK_INTERVAL_MS, () => void this.start())
  }

  async check(): Promise<void> {
    const space = await this.#space(this.#directory).catch(() => null)
    const before = this.#state.type
    this.#state = space === null ? { type: 'enough' } : judgeDisk(this.#directory, space.free, space.total)
    if (this.#state.type !== before && !this.#stopped) this.#onChange()
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }
}
