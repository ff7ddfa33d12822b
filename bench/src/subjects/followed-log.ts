import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { createEngineFile } from '../engine/engine-file.ts'
import type { Pace } from '../engine/writing-task.ts'
import { type Child, freePort, listens, startChild } from './child.ts'
import { treeCpuMs } from './processes.ts'
import type { Showing } from './subject.ts'
import { createWriting, type Writing } from './writing.ts'

/** The writer without a gateway, for programs that follow its log by themselves. */
export type FollowedLog = AsyncDisposable & { readonly writing: Writing; readonly logPath: string }

export async function openFollowed(workspace: string, lines: number, how: Pace): Promise<FollowedLog> {
  const directory = await mkdtemp(join(workspace, 'followed-'))
  const writing = await createWriting(directory, lines, how)
  const engine = startChild(await createEngineFile(directory), ['-b', '-q', 'do', writing.doFile], directory)
  await writing.ready()
  return {
    writing,
    logPath: join(directory, 'main.log'),
    [Symbol.asyncDispose]: () => engine.stop(),
  }
}

/** Such a log, served by a program that listens on a port. */
export async function serveFollowed(
  log: FollowedLog,
  command: (port: number) => readonly [string, ...string[]],
  target: (port: number) => Showing['target'],
): Promise<Showing> {
  const port = await freePort()
  const [program, ...args] = command(port)
  const server: Child = startChild(program, args)
  await listens(port)
  return {
    target: target(port),
    logPath: log.logPath,
    logBytes: log.writing.bytes,
    write: log.writing.go,
    serverCpuMs: () => treeCpuMs(server.pid),
    async [Symbol.asyncDispose]() {
      await server.stop()
      await log[Symbol.asyncDispose]()
    },
  }
}
