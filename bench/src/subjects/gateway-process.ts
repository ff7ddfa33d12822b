import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { LoopDelay, MonitorQuestion } from './gateway-monitor.ts'

const MAIN = fileURLToPath(new URL('../../../server/bin/tailgate.js', import.meta.url))
const MONITOR = fileURLToPath(new URL('./gateway-monitor.ts', import.meta.url))

export type GatewayOptions = {
  readonly dataDir: string
  readonly root: string
  readonly stata: string
  /** For Node.js itself, such as a profiler's. */
  readonly nodeArgs?: readonly string[]
  /** Whether it can be asked about its event loop and its memory; what answers that takes time to load. Default true. */
  readonly monitored?: boolean
}

export type GatewayProcess = {
  readonly pid: number
  readonly port: number
  readonly url: string
  /** What every request needs to be let in. */
  readonly headers: Readonly<Record<string, string>>
  get(path: string): Promise<unknown>
  post(path: string, body: unknown): Promise<unknown>
  remove(path: string): Promise<void>
  /** Does something and tells how long the event loop was held meanwhile. */
  loopDelay(during: () => Promise<void>): Promise<LoopDelay>
  /** Asks V8 for a full garbage collection, so that what is left is in use. */
  collectGarbage(): Promise<void>
  stop(): Promise<void>
}

/** As in `server/bin/tailgate.js`, which says why. */
const YOUNG_GENERATION = '--max-semi-space-size=4'

/** Limits that keep one caller from taking everything, which the bench is about to do. */
const LIMITS = ['--max-running', '10', '--max-streams', '10000', '--max-streams-per-caller', '10000']
const REQUESTS = ['--max-requests', '1000000']

/** Starts a gateway as `tailgate serve` does, and waits until it listens. */
export async function startGateway({
  dataDir,
  root,
  stata,
  nodeArgs = [],
  monitored = true,
}: GatewayOptions): Promise<GatewayProcess> {
  const where = ['--port', '0', '--data-dir', dataDir, '--root', root, '--stata', stata]
  const child = fork(MAIN, ['serve', ...where, ...LIMITS, ...REQUESTS, '--log-level', 'error'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    execArgv: [YOUNG_GENERATION, ...(monitored ? ['--expose-gc', '--import', MONITOR] : []), ...nodeArgs],
  })
  const exited = once(child, 'exit')
  const { pid, stdout } = child
  if (pid === undefined || stdout === null) throw new Error('The gateway cannot be started.')
  const output = createInterface({ input: stdout })
  const first = await Promise.race([once(output, 'line'), exited.then(() => null)])
  const url = / listening on (http:\S+)$/.exec(String(first?.[0]))?.[1]
  if (url === undefined) throw new Error(`The gateway did not start: ${first?.[0] ?? ''}`)

  const headers = {}
  const call = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { ...init, headers: { ...headers, ...init.headers } })
    const text = await response.text()
    if (!response.ok) throw new Error(`The gateway answered ${path} with ${response.status}: ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
  const ask = async (question: MonitorQuestion): Promise<unknown> => {
    const answered = once(child, 'message')
    child.send(question)
    return (await answered)[0]
  }
  return {
    pid,
    port: Number(new URL(url).port),
    url,
    headers,
    get: (path) => call(path),
    post: (path, body) =>
      call(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    remove: async (path) => void (await call(path, { method: 'DELETE' })),
    async loopDelay(during) {
      await ask('watch-loop')
      await during()
      // Answered by `gateway-monitor.ts` of the same version.
      return (await ask('loop-delay')) as LoopDelay
    },
    collectGarbage: async () => void (await ask('collect-garbage')),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill()
      await exited
    },
  }
}
