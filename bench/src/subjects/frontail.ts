import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { freePort, listens, startChild } from './child.ts'
import type { Subject } from './subject.ts'
import { openFollowed } from './websocketd.ts'

const BIN = createRequire(import.meta.url).resolve('frontail/bin/frontail')

/** frontail, as its command line starts it: socket.io, one event for each line and viewer. */
export function frontail(workspace: string): Subject {
  return {
    name: 'frontail',
    async open(lines, how) {
      const { writing, engine, logPath } = await openFollowed(workspace, lines, how)
      const port = await freePort()
      const flags = ['--host', '127.0.0.1', '--port', `${port}`, '--number', '0', '--disable-usage-stats']
      const server = startChild(process.execPath, [BIN, ...flags, logPath])
      await listens(port)
      const namespace = createHash('md5').update(logPath).digest('hex')
      return {
        target: { kind: 'socket.io', port, path: `/socket.io/?EIO=3&transport=websocket&namespace=${namespace}` },
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
