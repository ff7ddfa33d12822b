import { fileURLToPath } from 'node:url'
import { openFollowed, serveFollowed } from './followed-log.ts'
import type { Subject } from './subject.ts'

const MAIN = fileURLToPath(new URL('./line-per-event-server.ts', import.meta.url))

/** The design that comes to mind first: npm `tail` as shipped, and one tRPC event for each line. */
export function linePerEvent(workspace: string): Subject {
  return {
    name: 'one tRPC event per line',
    async open(lines, how) {
      const log = await openFollowed(workspace, lines, how)
      return await serveFollowed(
        log,
        (port) => [process.execPath, MAIN, `${port}`, log.logPath],
        (port) => ({ kind: 'sse-line', port, path: '/lines' }),
      )
    },
  }
}
