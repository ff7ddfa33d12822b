import { isMark, type MarkKind, type TailgateClient, type TailgateEvent } from '@tailgate/client'
import { createStore, type Store } from '../gateway/store.ts'
import type { FeedEvent } from '../stream/run-stream.ts'
import type { LogModel } from './log-model.ts'
import { EMPTY_OUTLINE, extended, MAX_COMMANDS, MAX_ERRORS, type Outline, type OutlineEntry } from './outline.ts'

/**
 * Keeps a log's outline: what was written before the page was opened comes from the gateway, what is written now from
 * the live stream. Where the two do not meet, or there is no stream, the gateway is asked again.
 */

export type LogOutlineDeps = {
  readonly runId: string
  readonly marks: TailgateClient['runs']['marks']
  readonly model: LogModel
  /** Resolves after so many milliseconds, rejects when the signal aborts. */
  readonly delay: (ms: number, signal: AbortSignal) => Promise<void>
}

const MARKS_PER_PAGE = 1_000

/** What the stream does not tell is asked for after this long, milliseconds. */
const ASK_AFTER_MS = 1_000

type Loaded = { readonly entries: OutlineEntry[]; readonly total: number; readonly isCut: boolean }

export class LogOutline {
  readonly state: Store<Outline> = createStore(EMPTY_OUTLINE)
  readonly #deps: LogOutlineDeps
  #catchingUp = false
  /** How often it began anew. */
  #beginnings = 0

  constructor(deps: LogOutlineDeps) {
    this.#deps = deps
  }

  /** Begins with what is there, and goes on until the signal aborts. */
  start(signal: AbortSignal): void {
    const { model } = this.#deps
    const watch = () => {
      if (model.total > this.state.get().knownTo && !this.#catchingUp) void this.#catchUp(ASK_AFTER_MS, signal)
    }
    signal.addEventListener('abort', model.subscribe(watch))
    void this.#catchUp(0, signal)
  }

  take(event: FeedEvent): void {
    if (event.type === 'reset' || event.type === 'skipped') {
      this.#beginnings += 1
      this.state.set(EMPTY_OUTLINE)
    }
    if (event.type !== 'lines') return
    const outline = this.state.get()
    // What lies between is asked for, and this with it.
    if (event.first > outline.knownTo + 1) return
    const last = event.first + event.text.length - 1
    this.state.set(extended(outline, this.#entriesOf(event), last))
  }

  async #catchUp(waitMs: number, signal: AbortSignal): Promise<void> {
    this.#catchingUp = true
    const { delay, model } = this.#deps
    for (let wait = waitMs; !signal.aborted; wait = ASK_AFTER_MS) {
      try {
        if (wait > 0) await delay(wait, signal)
        const beginnings = this.#beginnings
        const { knownTo } = this.state.get()
        if (wait > 0 && model.total <= knownTo) break
        const commands = await this.#load('command', knownTo + 1, MAX_COMMANDS, signal)
        const errors = await this.#load('error', knownTo + 1, MAX_ERRORS, signal)
        // An outline that began anew meanwhile is another one.
        if (this.#beginnings !== beginnings) continue
        const entries = [...commands.entries, ...errors.entries]
        const isCut = commands.isCut || errors.isCut
        this.state.set(extended(this.state.get(), entries, Math.min(commands.total, errors.total), { isCut }))
        break
      } catch {
        // Tried again, unless nobody wants to know any more.
      }
    }
    this.#catchingUp = false
  }

  async #load(kind: MarkKind, from: number, most: number, signal: AbortSignal): Promise<Loaded> {
    const { runId, marks } = this.#deps
    const entries: OutlineEntry[] = []
    for (let at = from; ; ) {
      const page = await marks({ runId, kind, from: at, limit: MARKS_PER_PAGE }, { signal })
      entries.push(...page.marks.map((mark) => ({ ...mark, kind })))
      if (page.complete || entries.length >= most) return { entries, total: page.total, isCut: !page.complete }
      at = page.scannedTo + 1
    }
  }

  #entriesOf({ first, text, kinds }: TailgateEvent & { type: 'lines' }): OutlineEntry[] {
    const textOf = (line: number) => text[line - first] ?? this.#deps.model.line(line)?.text ?? ''
    const continuations = new Set(kinds?.continuation)
    const entry = (kind: MarkKind, number: number): OutlineEntry[] => {
      const text = textOf(number)
      if (!isMark(kind, text, textOf(number - 1))) return []
      let lines = 1
      while (kind === 'command' && continuations.has(number + lines)) lines += 1
      return [{ kind, number, lines, text }]
    }
    const commands = (kinds?.command ?? []).flatMap((number) => entry('command', number))
    return [...commands, ...(kinds?.error ?? []).flatMap((number) => entry('error', number))]
  }
}
