import { once } from 'node:events'
import type { GatewayProcess } from './gateway-process.ts'

/** Lets `openInspector` in; for the environment of the gateway. */
export const WITH_INSPECTOR = { NODE_OPTIONS: '--inspect=127.0.0.1:0' }

/** Asks a gateway, through Node's inspector, how much memory it holds. */
export type MemoryInspector = {
  /** Bytes that are still needed once all garbage is collected: the heap, and buffers outside of it. */
  heldBytes(): Promise<number>
  [Symbol.dispose](): void
}

export async function openInspector(gateway: GatewayProcess): Promise<MemoryInspector> {
  const address = /ws:\/\/\S+/.exec(gateway.stderr())?.[0]
  if (address === undefined) throw new Error('the gateway was started without the inspector')
  const socket = new WebSocket(address)
  await once(socket, 'open')
  let calls = 0
  const call = async (method: string, params: object = {}): Promise<unknown> => {
    const id = ++calls
    const answer = new Promise((resolve) => {
      const take = ({ data }: MessageEvent) => {
        const message: { id?: number; result?: unknown } = JSON.parse(String(data))
        if (message.id !== id) return
        socket.removeEventListener('message', take)
        resolve(message.result)
      }
      socket.addEventListener('message', take)
    })
    socket.send(JSON.stringify({ id, method, params }))
    return await answer
  }
  return {
    async heldBytes() {
      await call('HeapProfiler.collectGarbage')
      const expression = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())'
      const answer = await call('Runtime.evaluate', { expression })
      return Number(/"value":(\d+)/.exec(JSON.stringify(answer))?.[1])
    },
    [Symbol.dispose]: () => socket.close(),
  }
}
