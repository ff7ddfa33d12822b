import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngineFile } from '../engine/engine-file.ts'
import { freePort, listens, startChild } from './child.ts'
import type { Subject } from './subject.ts'
import { createWriting } from './writing.ts'

/** The writer without a gateway, its log followed by a program: what the log's other servers have in common. */
export async function openFollowed(workspace: string, lines: number, how: Parameters<Subject['open']>[1]) {
  const directory = await mkdtemp(join(workspace, 'followed-'))
  const writing = await createWriting(directory, lines, how)
  const engine = startChild(await createEngineFile(directory), ['-b', '-q', 'do', writing.doFile], directory)
  await writing.ready()
  return { writing, engine, logPath: join(directory, 'main.log') }
}

/** websocketd with `tail -n +1 -F`: a tail for each viewer, a WebSocket message for each line. */
export function websocketd(workspace: string): Subject {
  return {
    name: 'websocketd + tail',
    async open(lines, how) {
      const { writing, engine, logPath } = await openFollowed(workspace, lines, how)
      const port = await freePort()
      const flags = [`--port=${port}`, '--address=127.0.0.1', '--loglevel=fatal']
      const server = startChild('websocketd', [...flags, 'tail', '-n', '+1', '-F', logPath])
      await listens(port)
      return {
        target: { kind: 'websocket', port, path: '/' },
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
