import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from './child.ts'
import { processCpuMs } from './processes.ts'
import type { Subject } from './subject.ts'
import { textBytes } from './writing.ts'

const MAIN = fileURLToPath(new URL('./bare-server-main.ts', import.meta.url))

/**
 * The limit: the bytes that Tailgate sent, held in memory and sent again by Node's HTTP server with nothing around it.
 * `recording` is where they are.
 */
export function bareServer(recording: string): Subject {
  return {
    name: 'bare Node HTTP server',
    async open(lines) {
      const port = await freePort()
      const server = fork(MAIN, [`${port}`, recording])
      await once(server, 'message')
      return {
        target: { kind: 'sse-text', port, path: '/' },
        logPath: null,
        logBytes: textBytes(lines),
        async write() {
          server.send('go')
          const [startedAt] = await once(server, 'message')
          return { startedAt: Number(startedAt), endedAt: Number(startedAt) }
        },
        serverCpuMs: () => processCpuMs(server.pid ?? 0),
        async [Symbol.asyncDispose]() {
          const ended = once(server, 'exit')
          server.kill('SIGKILL')
          await ended
        },
      }
    },
  }
}
