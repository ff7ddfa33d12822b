import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** A program of this bench, or one that it is compared with. */
export type Child = { readonly pid: number; readonly process: ChildProcess; stop(): Promise<void> }

/** Started in a process group of its own, so that what it starts ends with it. */
export function startChild(command: string, args: readonly string[], cwd?: string): Child {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'inherit'], detached: true, cwd })
  const ended = once(child, 'exit')
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} cannot be started.`)
  return {
    pid,
    process: child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL')
      await ended
    },
  }
}

/** A port of the loopback interface that nobody has now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('The server has no port.')
  return address.port
}

/** Waits until somebody listens there. */
export async function listens(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (open) return
    await sleep(20)
  }
}
