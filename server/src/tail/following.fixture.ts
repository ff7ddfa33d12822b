import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type FollowItem, followFile } from './follow-file.ts'
import type { FollowDeps, FollowedFile } from './followed-file.ts'
import { nodeFiles } from './node-files.ts'

/** A place for a log that goes away with the test. */
export function temporaryLog(): string {
  const directory = mkdtempSync(join(tmpdir(), 'following-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return join(directory, 'run.log')
}

/** Takes what `followFile` gives as soon as it gives it, and lets a test wait for it. */
export class Following {
  readonly items: Exclude<FollowItem, { type: 'bytes' }>[] = []
  /** What the log holds, of each time that it began anew. */
  readonly generations: Buffer[][] = [[]]
  readonly done: Promise<void>
  readonly #abort = new AbortController()
  readonly #writerDone = new AbortController()
  #rest = () => {}
  #ended = false
  #check = () => {}

  constructor(path: string, deps: Partial<FollowDeps> = {}, offset = 0) {
    const options = { path, offset, signal: this.#abort.signal, writerDone: this.#writerDone.signal }
    const { identify } = { ...nodeFiles, ...deps }
    // Asked right before it goes to rest.
    const identifyAndRest = async (name: string) => {
      const identity = await identify(name)
      setImmediate(this.#rest)
      return identity
    }
    this.done = this.#take(followFile(options, { ...nodeFiles, ...deps, identify: identifyAndRest }), offset)
    onTestFinished(() => this.abort())
  }

  /** Text of the log as it is now. */
  get text(): string {
    return this.bytes.toString()
  }
  get bytes(): Buffer {
    return Buffer.concat(this.generations.at(-1) ?? [])
  }
  get texts(): string[] {
    return this.generations.map((chunks) => Buffer.concat(chunks).toString())
  }

  get resets(): FollowItem[] {
    return this.items.filter(({ type }) => type === 'reset')
  }

  /** Resolves once `condition` holds after something was given. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#check = () => {
        if (condition()) resolve()
        else if (this.#ended) reject(new Error('Following ended before that'))
      }
      this.#check()
    })
  }

  /** Resolves once it has read everything and waits for a bell or a poll. */
  resting(): Promise<void> {
    return new Promise((resolve) => {
      this.#rest = resolve
    })
  }

  /** The writer has ended; resolves once everything was given. */
  async finish(): Promise<void> {
    this.#writerDone.abort()
    await this.done
  }

  async abort(): Promise<void> {
    this.#abort.abort()
    await this.done
  }

  async #take(items: AsyncIterable<FollowItem>, from: number): Promise<void> {
    let offset = from
    try {
      for await (const item of items) {
        if (item.type === 'bytes') {
          if (item.offset !== offset) throw new Error(`Expected offset ${offset}, not ${item.offset}`)
          offset += item.bytes.length
          this.generations.at(-1)?.push(Buffer.from(item.bytes))
          item.bytes.fill('#')
        } else {
          this.items.push(item)
          if (item.type === 'reset') {
            this.generations.push([])
            offset = 0
          }
        }
        this.#check()
      }
    } finally {
      this.#ended = true
      this.#check()
    }
  }
}

/** File access whose reads can be made to do something else first; none of them is at once, unless that is said, too. */
export function filesWith(change: Partial<FollowedFile> | ((file: FollowedFile) => Partial<FollowedFile>)): FollowDeps {
  return {
    ...nodeFiles,
    open: async (path) => {
      const file = await nodeFiles.open(path)
      return { ...file, readNow: null, ...(typeof change === 'function' ? change(file) : change) }
    },
  }
}

/** A bell as of a file system that tells nothing. */
export const silentBell = () => ({ watching: false, close: () => {} })

/** How often this process has a file open; Linux only. */
export function openHandles(path: string): number {
  const fds = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`)
    } catch {
      return ''
    }
  })
  return fds.filter((target) => target === path || target === `${path} (deleted)`).length
}

/** How many files this process watches; Linux only. */
export function watchCount(): number {
  const watches = readdirSync('/proc/self/fdinfo').map((fd) => {
    try {
      return readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8').match(/^inotify wd:/gm)?.length ?? 0
    } catch {
      return 0
    }
  })
  return watches.reduce((sum, count) => sum + count, 0)
}

/** A log with something in it, followed, and read so far. */
export async function followedLog(content: string, deps: ConstructorParameters<typeof Following>[1] = {}) {
  const path = temporaryLog()
  writeFileSync(path, content)
  const following = new Following(path, deps)
  await following.until(() => following.text === content)
  return { path, following }
}
