import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { createTailgateClient } from '@tailgate/client'
import { startCuttingProxy } from '../harness/cutting-proxy.ts'
import { createRandom, type Random } from '../harness/random.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'
import { CanaryCheck, type CanaryCounts } from './canary-check.ts'
import type { Report } from './report.ts'

/**
 * One run writes numbered lines in chunks that split characters. Many viewers, half of them over each transport, have
 * their connections cut again and again; some are slow, some come late. Each must end with exactly the log.
 */

export type CanaryOptions = {
  readonly lines: number
  readonly linesPerSecond: number
  readonly viewers: number
  readonly seed: number
}

const CUT_AFTER_MS = { least: 1_000, most: 3_000 }
/** Of five viewers one is slow and one comes late. */
const HABITS = ['prompt', 'slow', 'prompt', 'late', 'prompt'] as const
type Habit = (typeof HABITS)[number]
/** A late viewer comes when up to this share of the lines is written. */
const LATEST_JOIN = 0.8
/** A slow viewer rests this long now and then. */
const REST_MS = 250

export async function soakCanary({ lines, linesPerSecond, viewers, seed }: CanaryOptions): Promise<Report> {
  const startedAt = performance.now()
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  await workspace.file('canary.do', `* engine: canary ${lines} ${seed} ${linesPerSecond}\n`)
  const { url } = await workspace.start({ stata })
  const run = await createTailgateClient({ url }).runs.start({ file: 'canary.do' })
  const random = createRandom(seed)
  const progress = { lines: 0 }
  const watched = await Promise.all(
    Array.from({ length: viewers }, (_, i) => {
      const habit = HABITS[i % HABITS.length] ?? 'prompt'
      const joinAt = habit === 'late' ? lines * LATEST_JOIN * random.next() : 0
      const own = createRandom(random.between(0, 2 ** 31))
      return watch({
        url,
        runId: run.id,
        transport: i % 2 === 0 ? 'sse' : 'trpc',
        habit,
        lines,
        joinAt,
        progress,
        random: own,
      })
    }),
  )
  const log = join(workspace.dataDir, 'runs', run.id, 'run.log')
  const hash = createHash('sha256')
  await pipeline(createReadStream(log), hash)
  const logHash = hash.digest('hex')
  const total = (count: (counts: Viewed) => number) => watched.reduce((sum, viewed) => sum + count(viewed), 0)
  return {
    title: 'Canary: every line to every viewer, whose connections are cut every 1 to 3 s',
    seed,
    done: {
      'lines written': lines,
      viewers,
      'lines delivered': total(({ received }) => received),
      'connections cut': total(({ cuts }) => cuts),
      seconds: Math.round((performance.now() - startedAt) / 1_000),
    },
    mustBeZero: {
      'lines missing': total(({ missing }) => missing),
      'lines twice': total(({ duplicate }) => duplicate),
      'lines out of order': total(({ outOfOrder }) => outOfOrder),
      'viewers whose bytes are not those of the log': watched.filter((viewed) => viewed.hash !== logHash).length,
      'runs not succeeded': watched.filter(({ state }) => state !== 'succeeded').length,
    },
  }
}

type Viewed = CanaryCounts & { readonly cuts: number; readonly state: string }

async function watch(options: {
  readonly url: string
  readonly runId: string
  readonly transport: 'sse' | 'trpc'
  readonly habit: Habit
  readonly lines: number
  /** Comes once so many lines are written. */
  readonly joinAt: number
  readonly progress: { lines: number }
  readonly random: Random
}): Promise<Viewed> {
  const { url, runId, transport, habit, lines, joinAt, progress, random } = options
  while (progress.lines < joinAt) await delay(50)
  await using proxy = await startCuttingProxy(url)
  const done = new AbortController()
  let cuts = 0
  const cutting = (async () => {
    while (!done.signal.aborted) {
      await delay(random.between(CUT_AFTER_MS.least, CUT_AFTER_MS.most), undefined, { signal: done.signal }).catch(
        () => {},
      )
      if (!done.signal.aborted) cuts += proxy.cut()
    }
  })()
  const check = new CanaryCheck(lines)
  let state = ''
  const client = createTailgateClient({ url: proxy.url, transport })
  for await (const event of client.runs.follow(runId).events()) {
    check.take(event)
    progress.lines = Math.max(progress.lines, check.received)
    if (event.type === 'end') state = event.run.state
    if (habit === 'slow' && random.next() < 0.1) await delay(random.between(1, REST_MS))
  }
  done.abort()
  await cutting
  return { ...check.finish(), cuts, state }
}
