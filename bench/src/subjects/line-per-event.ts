import { fileURLToPath } from 'node:url'
import { freePort, listens, startChild } from './child.ts'
import type { Subject } from './subject.ts'
import { openFollowed } from './websocketd.ts'

const MAIN = fileURLToPath(new URL('./line-per-event-server.ts', import.meta.url))

/** The design that comes to mind first: npm `tail` as shipped, and one tRPC event for each line. */
export function linePerEvent(workspace: string): Subject {
  return {
    name: 'one tRPC event per line',
    async open(lines, how) {
      const { writing, engine, logPath } = await openFollowed(workspace, lines, how)
      const port = await freePort()
      const server = startChild(process.execPath, [MAIN, `${port}`, logPath])
      await listens(port)
      return {
        target: { kind: 'sse-line', port, path: '/lines' },
        logPath,
        logBytes: writing.bytes,
        write: writing.go,
        servers: [server.pid],
        async [Symbol.asyncDispose]() {
          await server.stop()
          await engine.stop()
        },
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}
