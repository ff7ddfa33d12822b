import { openFollowed, serveFollowed } from './followed-log.ts'
import { isInstalled } from './program.ts'
import type { Subject } from './subject.ts'

/** websocketd with `tail -n +1 -F`: a tail for each viewer, a WebSocket message for each line. Null where it is not installed. */
export function websocketd(workspace: string): Subject | null {
  if (!isInstalled('websocketd')) return null
  return {
    name: 'websocketd + tail',
    async open(lines, how) {
      const log = await openFollowed(workspace, lines, how)
      const flags = (port: number) => [`--port=${port}`, '--address=127.0.0.1', '--loglevel=fatal']
      return await serveFollowed(
        log,
        (port) => ['websocketd', ...flags(port), 'tail', '-n', '+1', '-F', log.logPath],
        (port) => ({ kind: 'websocket', port, path: '/' }),
      )
    },
  }
}
