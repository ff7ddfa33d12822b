import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Answers, Counted, Question, Watched } from './viewer-protocol.ts'
import type { Keeping, ViewerTarget } from './viewer-target.ts'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

/** The viewers, from the bench's side. Whatever goes wrong there rejects here. */
export class ViewerProcess {
  readonly #child: ChildProcess = fork(MAIN, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  readonly #ended = once(this.#child, 'exit').then(() => [null])

  async connect(target: ViewerTarget, viewers: number, keep: Keeping, stalled = 0): Promise<void> {
    await this.#ask({ type: 'connect', target, viewers, keep, stalled })
  }

  async watch(logBytes: number): Promise<Watched> {
    return await this.#ask({ type: 'watch', logBytes })
  }

  /** Throws unless each viewer was sent the log's lines, all of them and nothing else. */
  async compare(logPath: string, lines: number): Promise<void> {
    const problem = await this.#ask({ type: 'compare', logPath, lines })
    if (problem !== null) throw new Error(problem)
  }

  async save(path: string): Promise<void> {
    await this.#ask({ type: 'save', path })
  }

  async count(): Promise<Counted> {
    return await this.#ask({ type: 'count' })
  }

  async close(): Promise<void> {
    await this.#ask({ type: 'close' })
  }

  [Symbol.dispose](): void {
    this.#child.disconnect()
  }

  async #ask<Q extends Question>(question: Q): Promise<Answers[Q['type']]> {
    const answered = once(this.#child, 'message')
    this.#child.send(question)
    const [message] = await Promise.race([answered, this.#ended])
    if (message === null) throw new Error('The process with the viewers has ended.')
    // Sent by `main.ts` of the same version, in answer to this question.
    const answer = message as Answer
    if ('failure' in answer) throw new Error(answer.failure)
    return answer.answer as Answers[Q['type']]
  }
}
