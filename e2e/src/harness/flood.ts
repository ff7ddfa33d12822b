import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { STRANGER } from './other-user.ts'

/** How the gateway ended the connections of a flood. */
export type Ending = {
  /** What the connection that was closed soonest had, from its first byte on. */
  readonly soonestMs: number
  /** The first lines of the answers, each once; '' for a connection that was closed without a word. */
  readonly answers: readonly string[]
}

/** Thousands of connections at once, held by a process of another user where there can be one. */
export type Flood = {
  /** Resolves once every connection has been tried; tells how many the gateway has closed by then. */
  readonly opened: Promise<number>
  /** Resolves once the gateway has closed all of them. */
  readonly closed: Promise<Ending>
  [Symbol.asyncDispose](): Promise<void>
}

/** Plain JavaScript, so that the other user needs to read none of our files. */
const CODE = `
const { connect } = require('node:net')
const [port, count, said] = process.argv.slice(1)
const tell = (what) => console.log(JSON.stringify(what))
const answers = new Set()
let tried = 0, closed = 0, soonestMs = Infinity
const more = () => {
  if (tried === Number(count)) return
  tried += 1
  let settled = false
  const settle = () => {
    if (settled) return
    settled = true
    setImmediate(more)
    if (tried === Number(count)) setTimeout(() => tell({ opened: closed }), 200)
  }
  let began = Infinity, drip, answer = ''
  const socket = connect(Number(port), '127.0.0.1', () => {
    began = performance.now()
    socket.write(said)
    // Slowloris: a head or a body that goes on and on, a byte at a time. Never before its beginning.
    if (said !== '') drip = setInterval(() => socket.write('x'), 1000)
    settle()
  })
  socket.setEncoding('latin1').on('data', (text) => { answer += text })
  socket.on('error', () => {}).on('close', () => {
    clearInterval(drip)
    closed += 1
    soonestMs = Math.min(soonestMs, performance.now() - began)
    answers.add(answer.split('\\r\\n')[0])
    settle()
    if (closed === Number(count)) tell({ closed: { soonestMs, answers: [...answers] } })
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
  const closed = Promise.withResolvers<Ending>()
  if (child.stdout === null) throw new Error('the flood has no stdout')
  createInterface({ input: child.stdout }).on('line', (line) => {
    // Written by the code above.
    const told = JSON.parse(line) as { readonly opened: number } | { readonly closed: Ending }
    if ('closed' in told) closed.resolve(told.closed)
    else opened.resolve(told.opened)
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
