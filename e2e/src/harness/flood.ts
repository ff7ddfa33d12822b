import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { STRANGER } from './other-user.ts'

/** Thousands of connections at once, held by a process of another user where there can be one. */
export type Flood = {
  /** Resolves once every connection has been tried; tells how many the gateway has closed by then. */
  readonly opened: Promise<number>
  /** Resolves once the gateway has closed all of them. */
  readonly closed: Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Plain JavaScript, so that the other user needs to read none of our files. */
const CODE = `
const { connect } = require('node:net')
const [port, count, said] = process.argv.slice(1)
let tried = 0, closed = 0
const more = () => {
  if (tried === Number(count)) return
  tried += 1
  let settled = false
  const settle = () => {
    if (settled) return
    settled = true
    setImmediate(more)
    if (tried === Number(count)) setTimeout(() => console.log('opened ' + closed), 200)
  }
  const socket = connect(Number(port), '127.0.0.1', () => {
    socket.write(said)
    settle()
  })
  // Slowloris: a head that goes on and on, a byte at a time.
  const drip = said === '' ? null : setInterval(() => socket.write('x'), 1000)
  socket.resume().on('error', () => {}).on('close', () => {
    clearInterval(drip)
    closed += 1
    settle()
    if (closed === Number(count)) console.log('closed')
  })
}
for (let i = 0; i < 100; i += 1) more()
`

/** Opens `count` connections; each says `said` and, if that is something, goes on a byte at a time. */
export function startFlood(url: string, count: number, said: string): Flood {
  const stranger = process.getuid?.() === 0 ? { uid: STRANGER, gid: STRANGER } : {}
  const child: ChildProcess = spawn(process.execPath, ['-e', CODE, new URL(url).port, String(count), said], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: '/',
    env: {},
    ...stranger,
  })
  const opened = Promise.withResolvers<number>()
  const closed = Promise.withResolvers<void>()
  if (child.stdout === null) throw new Error('the flood has no stdout')
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'closed') closed.resolve()
    else opened.resolve(Number(line.replace('opened ', '')))
  })
  return {
    opened: opened.promise,
    closed: closed.promise,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
