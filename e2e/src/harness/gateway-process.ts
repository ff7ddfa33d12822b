import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A real gateway, as a child process, on a free port of the loopback interface. */

const MAIN = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url))

/** As in `server/bin/tailgate.js`, which says why. */
const YOUNG_GENERATION = '--max-semi-space-size=4'

export type GatewayOptions = {
  readonly dataDir: string
  readonly roots: readonly string[]
  /** Default: the stand-in. */
  readonly stata?: string
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Put before its command; see `namespace.ts`. */
  readonly enter?: readonly string[]
}

export type GatewayProcess = {
  readonly url: string
  readonly process: ChildProcess
  /** What it has written to stderr so far. */
  readonly stderr: () => string
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  [Symbol.asyncDispose](): Promise<void>
}

export function spawnGateway(options: GatewayOptions): ChildProcess {
  const { dataDir, roots, stata = 'standin', args = [], env = {}, enter = [] } = options
  const rootFlags = roots.flatMap((root) => ['--root', root])
  const flags = ['--port', '0', '--data-dir', dataDir, '--stata', stata, ...rootFlags, ...args]
  const [command, ...words] = [...enter, process.execPath, YOUNG_GENERATION, MAIN, 'serve', ...flags]
  return spawn(command ?? '', words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
}

/** Starts a gateway and waits until it listens. */
export async function startGateway(options: GatewayOptions): Promise<GatewayProcess> {
  const child = spawnGateway(options)
  let stderr = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const exited = once(child, 'exit')
  if (child.stdout === null) throw new Error('the gateway has no stdout')
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line'), exited.then(() => null)])
  const url = /^Tailgate \S+ listening on (\S+)$/.exec(String(first?.[0]))?.[1]
  if (url === undefined) throw new Error(`the gateway did not start: ${first?.[0] ?? ''} ${stderr}`)
  const stop: GatewayProcess['stop'] = async (signal = 'SIGTERM') => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
    return { code: child.exitCode, signal: child.signalCode }
  }
  return {
    url,
    process: child,
    stderr: () => stderr,
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop('SIGKILL')
    },
  }
}
