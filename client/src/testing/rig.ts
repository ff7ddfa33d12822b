import { createTailgateClient, type TailgateClient, type TailgateClientOptions } from '../client.ts'
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts'
import { startHttpGateway } from './http-gateway.ts'
import type { ScriptedGateway } from './scripted-gateway.ts'
import type { ScriptedRun } from './scripted-run.ts'

/** A gateway, a network that can fail, and clients on its other side. */
export type Rig = AsyncDisposable & {
  readonly gateway: ScriptedGateway
  readonly proxy: FaultyProxy
  client(options?: Partial<TailgateClientOptions>): TailgateClient
  /** A running run, by its script. */
  run(): ScriptedRun
}

export async function startRig(transport: 'sse' | 'trpc', options: { token?: string } = {}): Promise<Rig> {
  const http = await startHttpGateway(options)
  const proxy = await startFaultyProxy(http.url)
  return {
    gateway: http.gateway,
    proxy,
    client: (more) =>
      createTailgateClient({ url: proxy.url, transport, backOff: { firstMs: 1, longestMs: 5 }, ...more }),
    run: () => http.gateway.start({ file: '/p/main.do' }),
    [Symbol.asyncDispose]: async () => {
      await proxy.close()
      await http.close()
    },
  }
}

/** All that an iterable yields. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
