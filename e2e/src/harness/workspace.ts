import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type GatewayOptions, type GatewayProcess, startGateway } from './gateway-process.ts'

/**
 * A folder with do-files and a data directory, and the gateways that run on them. Disposing of it stops everything,
 * and fails if anything that a run started is still there.
 */
export type Workspace = {
  readonly root: string
  readonly dataDir: string
  /** Writes a file under the root; gives its path. */
  file(name: string, content: string | Buffer): Promise<string>
  start(options?: Partial<GatewayOptions>): Promise<GatewayProcess>
  [Symbol.asyncDispose](): Promise<void>
}

export async function createWorkspace(): Promise<Workspace> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'tailgate-e2e-')))
  const root = join(base, 'root')
  const dataDir = join(base, 'data')
  await mkdir(root)
  const gateways: GatewayProcess[] = []
  return {
    root,
    dataDir,
    async file(name, content) {
      const path = join(root, name)
      await mkdir(join(path, '..'), { recursive: true })
      await writeFile(path, content)
      return path
    },
    async start(options = {}) {
      const gateway = await startGateway({ dataDir, roots: [root], ...options })
      gateways.push(gateway)
      return gateway
    },
    async [Symbol.asyncDispose]() {
      for (const gateway of gateways) await gateway[Symbol.asyncDispose]()
      // A gateway that was killed could not stop its probe of the engine, which is over in a moment.
      while ((await processesUnder(join(dataDir, 'probe'))).length > 0) await delay(20)
      const left = await processesUnder(base)
      for (const { pid } of left) process.kill(pid, 'SIGKILL')
      await rm(base, { recursive: true, force: true })
      if (left.length > 0) throw new Error(`still running: ${left.map(({ command }) => command).join('; ')}`)
    },
  }
}

/** Processes whose current directory lies in a folder: engines run in their run's own directory. */
export async function processesUnder(folder: string): Promise<{ pid: number; command: string }[]> {
  const found: { pid: number; command: string }[] = []
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const directory = await realpath(`/proc/${name}/cwd`).catch(() => '')
    if (!directory.startsWith(folder)) continue
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '')
    if (command !== '') found.push({ pid: Number(name), command: command.replaceAll('\0', ' ') })
  }
  return found
}

/** Whether a process is there and not just waiting to be reaped. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat !== '' && !/\) [ZX] /.test(stat)
}

const run = promisify(execFile)

/** curl, to the end of its transfer. */
export async function curl(...args: string[]): Promise<string> {
  const { stdout } = await run('curl', ['--silent', '--no-buffer', '--max-time', '60', ...args], { maxBuffer: 2 ** 28 })
  return stdout
}
