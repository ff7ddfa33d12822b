import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'
import { createEngineFile } from '../engine/engine-file.ts'
import type { Pace } from '../engine/writing-task.ts'
import type { ViewerTarget } from '../viewers/viewer-target.ts'
import { type GatewayProcess, startGateway } from './gateway-process.ts'
import { processCpuMs } from './processes.ts'
import type { Showing, Subject } from './subject.ts'
import { createWriting } from './writing.ts'

/** How a viewer of Tailgate is sent the lines. */
export type TailgateStream = 'text' | 'json' | 'trpc'

/** A run that shows a log. */
export type Shown = Showing & { readonly runId: string; readonly logPath: string }

/** The whole gateway, started as its users start it, with the writer in Stata's place. */
export class Tailgate {
  readonly gateway: GatewayProcess
  readonly #root: string
  readonly #dataDir: string

  private constructor(gateway: GatewayProcess, root: string, dataDir: string) {
    this.gateway = gateway
    this.#root = root
    this.#dataDir = dataDir
  }

  static async start(workspace: string, nodeArgs: readonly string[] = []): Promise<Tailgate> {
    const base = await mkdtemp(join(workspace, 'tailgate-'))
    const root = join(base, 'root')
    const dataDir = join(base, 'data')
    await mkdir(root)
    const stata = await createEngineFile(base)
    return new Tailgate(await startGateway({ dataDir, root, stata, nodeArgs }), root, dataDir)
  }

  async open(lines: number, how: Pace, stream: TailgateStream): Promise<Shown> {
    const { gateway } = this
    const writing = await createWriting(this.#root, lines, how)
    const { id } = z.object({ id: z.string() }).parse(await gateway.post('/runs', { file: writing.doFile }))
    await writing.ready()
    return {
      runId: id,
      target: this.target(id, stream),
      logPath: join(this.#dataDir, 'runs', id, 'run.log'),
      logBytes: writing.bytes,
      write: writing.go,
      // Not the engine's, which is below it.
      serverCpuMs: () => processCpuMs(gateway.pid),
      [Symbol.asyncDispose]: async () => {
        while ((await this.state(id)) === 'running') await new Promise((resolve) => setTimeout(resolve, 20))
        await gateway.remove(`/runs/${id}`)
      },
    }
  }

  async state(runId: string): Promise<string> {
    return z.object({ state: z.string() }).parse(await this.gateway.get(`/runs/${runId}`)).state
  }

  target(runId: string, stream: TailgateStream): ViewerTarget {
    const { port, headers } = this.gateway
    const input = encodeURIComponent(JSON.stringify({ runId }))
    const path = stream === 'trpc' ? `/trpc/runs.follow?input=${input}` : `/runs/${runId}/stream?format=${stream}`
    return { kind: stream === 'text' ? 'sse-text' : 'sse-json', port, path, headers }
  }

  /** It with one kind of stream, to be compared with others. */
  subject(name: string, stream: TailgateStream): Subject {
    return { name, open: (lines, how) => this.open(lines, how, stream) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.gateway.stop()
  }
}
