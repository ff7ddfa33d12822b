/** Looks in the time of one heartbeat: silence lasts one more at most, unless the gateway is too busy to look. */
const LOOKS = 15

/** Has each stream say that it is alive when it has told nothing for a time, all of them by one timer. */
export class Heartbeats {
  readonly #lookMs: number
  readonly #streams = new Set<Heartbeat>()
  #timer: NodeJS.Timeout | null = null

  /** `ms`: the silence after which a stream's heart beats. */
  constructor(ms: number) {
    this.#lookMs = ms / LOOKS
  }

  /** Of a stream that begins now. */
  start(beat: () => void): Heartbeat {
    const heartbeat = new Heartbeat(beat)
    this.#streams.add(heartbeat)
    this.#timer ??= setInterval(() => this.#look(), this.#lookMs).unref()
    return heartbeat
  }

  stop(heartbeat: Heartbeat): void {
    this.#streams.delete(heartbeat)
    if (this.#streams.size > 0 || this.#timer === null) return
    clearInterval(this.#timer)
    this.#timer = null
  }

  #look(): void {
    for (const heartbeat of this.#streams) heartbeat.look()
  }
}

/** One stream's. */
export class Heartbeat {
  readonly #beat: () => void
  #silentLooks = 0

  constructor(beat: () => void) {
    this.#beat = beat
  }

  /** The stream told something. For each line of each viewer, so it sets no timer and asks no clock. */
  told(): void {
    this.#silentLooks = 0
  }

  /** The first look after something was told may come at once, so it does not count. */
  look(): void {
    if (this.#silentLooks++ < LOOKS) return
    this.#silentLooks = 1
    this.#beat()
  }
}
