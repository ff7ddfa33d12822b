import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  createTailgateClient,
  type Outcome,
  type RunState,
  type StartedRun,
  type TailgateClient,
} from '@tailgate/client'
import { spawnGateway } from '../harness/gateway-process.ts'
import { createRandom } from '../harness/random.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'
import { CanaryCheck, type CanaryCounts } from './canary-check.ts'
import type { Report } from './report.ts'

/**
 * Runs write while their gateway is killed at random moments, also while it starts, and started again. Each run must
 * end as its do-file says and have had one engine ever, and its viewers must end with exactly its log.
 */

export type GatewayKillsOptions = { readonly runs: number; readonly kills: number; readonly seed: number }

type Ending = { readonly directive: string; readonly state: RunState; readonly outcome: Partial<Outcome> }

/** How do-files end, and what that makes of their runs. */
const ENDINGS: readonly [Ending, ...Ending[]] = [
  { directive: 'print all done', state: 'succeeded', outcome: { reason: 'completed', rc: 0, exitCode: 0 } },
  {
    directive: 'error 459 data have changed',
    state: 'failed',
    outcome: { reason: 'stata-error', rc: 459, exitCode: 0 },
  },
  { directive: 'exit 3', state: 'failed', outcome: { reason: 'exit-code', exitCode: 3 } },
  { directive: 'crash SIGSEGV', state: 'failed', outcome: { reason: 'signal', signal: 'SIGSEGV' } },
  { directive: 'exit 0', state: 'failed', outcome: { reason: 'no-end-marker', exitCode: 0 } },
]

const LINES_PER_SECOND = 500
/** This share of the runs is started before the first kill. */
const EARLY = 0.6
/** This share of the gateways is killed while it starts, … */
const NOT_YET_LISTENING = 0.25
/** … the others so long after that, at most. */
const LONGEST_LIFE_MS = 2_000

export async function soakGatewayKills({ runs, kills, seed }: GatewayKillsOptions): Promise<Report> {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  const random = createRandom(seed)
  const startedAt = performance.now()
  const args = ['--max-running', String(runs)]
  const first = await workspace.start({ stata, args })
  const startMs = performance.now() - startedAt
  const { url } = first
  const atPort = [...args, '--port', new URL(url).port]
  // About, and enough to write for as long as the kills go on.
  const seconds = (kills * (startMs + LONGEST_LIFE_MS / 2)) / 1_000

  const overFile = join(workspace.root, 'kills-are-over')
  const watch = (i: number) => {
    // Half of them end during the kills, if there is time for that, and half after them.
    const lines = Math.ceil((seconds * LINES_PER_SECOND * (i + 1)) / runs)
    const [ending] = ENDINGS.slice(i % ENDINGS.length)
    const waitFor = i % 2 === 0 ? overFile : null
    return new WatchedRun({
      workspace,
      url,
      name: `run-${i}`,
      lines,
      waitFor,
      ending: ending ?? ENDINGS[0],
      seed: seed + i,
    })
  }
  // Most are writing when the first gateway is killed, the others are started meanwhile.
  const early = Array.from({ length: Math.ceil(runs * EARLY) }, (_, i) => watch(i))
  await Promise.all(early.map((run) => run.writes))
  const watched = [...early, ...Array.from({ length: runs - early.length }, (_, i) => watch(early.length + i))]
  const all = Promise.all(watched.map((run) => run.ended))
  // Reported by what is awaited below.
  all.catch(() => {})

  await delay(LONGEST_LIFE_MS * random.next())
  await first.stop('SIGKILL')
  let notYetListening = 0
  for (let kill = 1; kill < kills; kill++) {
    const gateway = spawnGateway({ dataDir: workspace.dataDir, roots: [workspace.root], stata, args: atPort })
    const exited = once(gateway, 'exit')
    if (gateway.stdout === null) throw new Error('the gateway has no stdout')
    const listening = once(gateway.stdout, 'data')
    if (random.next() < NOT_YET_LISTENING) {
      await delay(startMs * random.next())
      notYetListening += 1
    } else {
      await Promise.race([listening, exited])
      await delay(LONGEST_LIFE_MS * random.next())
    }
    gateway.kill('SIGKILL')
    const [, signal] = await exited
    if (signal !== 'SIGKILL') throw new Error('a gateway ended by itself')
  }
  await workspace.start({ stata, args: atPort })
  await writeFile(overFile, '')
  const ended = await all
  const known = await createTailgateClient({ url }).runs.list({ limit: 500 })
  const sum = (count: (run: Watched) => number) => ended.reduce((total, run) => total + count(run), 0)
  return {
    title: 'Gateway killed: SIGKILL at random moments while runs write',
    seed,
    done: {
      kills,
      'of them while it started': notYetListening,
      runs,
      viewers: sum(({ views }) => views.length),
      'lines delivered': sum(({ views }) => views.reduce((total, { received }) => total + received, 0)),
      reconnects: sum(({ reconnects }) => reconnects),
      seconds: Math.round((performance.now() - startedAt) / 1_000),
    },
    mustBeZero: {
      'untrue outcomes': sum(({ isTrue }) => (isTrue ? 0 : 1)),
      'engines too many or too few': sum(({ engines }) => Math.abs(engines - 1)),
      'runs too many or too few': Math.abs(known.runs.length - runs),
      'lines missing': sum(({ views }) => views.reduce((total, { missing }) => total + missing, 0)),
      'lines twice': sum(({ views }) => views.reduce((total, { duplicate }) => total + duplicate, 0)),
      'lines out of order': sum(({ views }) => views.reduce((total, { outOfOrder }) => total + outOfOrder, 0)),
      'viewers whose bytes are not those of the log': sum(
        ({ views, hash }) => views.filter((view) => view.hash !== hash).length,
      ),
    },
  }
}

type Watched = {
  readonly views: readonly CanaryCounts[]
  readonly reconnects: number
  readonly isTrue: boolean
  /** How many engine processes there ever were. */
  readonly engines: number
  /** SHA-256 of the log. */
  readonly hash: string
}

type WatchedRunOptions = {
  readonly workspace: Workspace
  readonly url: string
  readonly name: string
  readonly lines: number
  /** A file that the engine waits for before it ends. */
  readonly waitFor: string | null
  readonly ending: Ending
  readonly seed: number
}

/** A run with a viewer over each transport. */
class WatchedRun {
  readonly #options: WatchedRunOptions
  readonly #pidFile: string
  #reconnects = 0
  #seeLines = () => {}
  /** Resolves once a viewer has seen a line. */
  readonly writes = new Promise<void>((resolve) => {
    this.#seeLines = resolve
  })
  readonly ended: Promise<Watched>

  constructor(options: WatchedRunOptions) {
    this.#options = options
    this.#pidFile = join(options.workspace.root, `${options.name}.pids`)
    this.ended = this.#watch()
  }

  async #watch(): Promise<Watched> {
    const { workspace, url, name, ending } = this.#options
    await this.#writeDoFile()
    const clients = (['sse', 'trpc'] as const).map((transport) => createTailgateClient({ url, transport }))
    const { id } = await startOnce(clients, name)
    const views = await Promise.all(clients.map((client) => this.#view(client, id)))
    const result = await clients[0]?.runs.follow(id).result()
    const isTrue =
      result?.state === ending.state &&
      Object.entries(ending.outcome).every(([key, value]) => Reflect.get(result.outcome, key) === value)
    if (!isTrue) console.log(`${name} should have been`, ending, 'and is', result?.state, result?.outcome)
    const engines = (await readFile(this.#pidFile, 'utf8')).trimEnd().split('\n').length
    const log = await readFile(join(workspace.dataDir, 'runs', id, 'run.log'))
    const hash = createHash('sha256').update(log).digest('hex')
    return { views, reconnects: this.#reconnects, isTrue, engines, hash }
  }

  async #writeDoFile(): Promise<void> {
    const { workspace, name, lines, waitFor, ending, seed } = this.#options
    const directives = [
      `append-pid ${this.#pidFile}`,
      `canary ${lines} ${seed} ${LINES_PER_SECOND}`,
      ...(waitFor === null ? [] : [`wait-for ${waitFor}`]),
      ending.directive,
    ]
    await workspace.file(`${name}.do`, directives.map((directive) => `* engine: ${directive}\n`).join(''))
  }

  async #view({ runs }: TailgateClient, runId: string): Promise<CanaryCounts> {
    const check = new CanaryCheck(this.#options.lines)
    const onConnection = ({ type }: { type: string }) => {
      if (type === 'waiting') this.#reconnects += 1
    }
    for await (const event of runs.follow(runId, { onConnection }).events()) {
      check.take(event)
      if (check.received > 0) this.#seeLines()
    }
    return check.finish()
  }
}

/** Starts a run although the gateway may die at any moment: its key makes asking again harmless. */
async function startOnce(clients: readonly TailgateClient[], name: string): Promise<StartedRun> {
  for (let attempt = 0; ; attempt++) {
    const started = await clients[attempt % clients.length]?.runs
      .start({ file: `${name}.do`, runKey: name })
      .catch((error: { code?: string }) => {
        if (error.code !== 'network' && error.code !== 'unavailable') throw error
      })
    if (started !== undefined) return started
    await delay(20)
  }
}
