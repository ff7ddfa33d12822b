import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { createTailgateClient, type RunState, type TailgateClient } from '@tailgate/client'
import { startGateway } from '../harness/gateway-process.ts'
import { processesUnder } from '../harness/workspace.ts'
import { recordedDoFile } from '../scripted-engine/recording.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/**
 * An invented research group with a week of runs behind it and some going on, on a gateway of its own. The engine
 * plays recordings that were written by hand: nothing is estimated. The runs really happen, within seconds; then the
 * gateway is stopped, their times and persons are put into its database, and it is started again.
 */
export type Lab = {
  readonly url: string
  /** Ids of runs that are shown by themselves. */
  readonly runs: Readonly<Record<Shown, string>>
  [Symbol.asyncDispose](): Promise<void>
}

const SHOWN = ['eventStudy', 'failedCox', 'bootstrap'] as const
type Shown = (typeof SHOWN)[number]

/** A name that reads well in pictures. It must not be there yet. */
const HOME = join(tmpdir(), 'projects')
const RECORDINGS = fileURLToPath(new URL('./recordings', import.meta.url))
const FIGURES = fileURLToPath(new URL('./figures', import.meta.url))
/** While this file is there, recordings that wait go on. */
const GO = '.go'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Episode = {
  readonly file: string
  readonly args?: readonly string[]
  readonly by: string
  /** How long before now it was asked for, and how long it took; absent for what has not ended. */
  readonly ago?: number
  readonly took?: number
  readonly ends: RunState
  readonly shown?: Shown
}

const PANEL = 'minimum-wage/01_build_panel.do'
const EVENT_STUDY = 'minimum-wage/02_event_study.do'
const BOOTSTRAP = 'minimum-wage/03_bootstrap.do'
const LINK = 'vaccine-cohort/link_registries.do'
const COX = 'vaccine-cohort/cox_models.do'
const POWER = 'vaccine-cohort/power.do'
const MINCER = 'schooling/mincer.do'

const PAST: readonly Episode[] = [
  { file: BOOTSTRAP, by: 'amara', ago: 9 * DAY, took: 118_000, ends: 'succeeded' },
  { file: LINK, by: 'jonas', ago: 6.2 * DAY, took: 14.3 * MINUTE, ends: 'succeeded' },
  { file: PANEL, by: 'amara', ago: 5.1 * DAY, took: 8.2 * MINUTE, ends: 'succeeded' },
  { file: BOOTSTRAP, by: 'amara', ago: 5 * DAY, took: 112_000, ends: 'succeeded' },
  { file: POWER, args: ['800', '2000'], by: 'mei', ago: 4.1 * DAY, took: 212 * MINUTE, ends: 'cancelled' },
  { file: POWER, args: ['800', '2000'], by: 'mei', ago: 3.9 * DAY, took: 311_000, ends: 'succeeded' },
  { file: MINCER, by: 'tomasz', ago: 3.3 * DAY, took: 41_000, ends: 'succeeded' },
  { file: COX, by: 'jonas', ago: 2.2 * DAY, took: 96_000, ends: 'failed' },
  { file: BOOTSTRAP, by: 'amara', ago: 2.1 * DAY, took: 121_000, ends: 'succeeded' },
  { file: PANEL, by: 'amara', ago: 26 * HOUR, took: 7.9 * MINUTE, ends: 'succeeded' },
  { file: EVENT_STUDY, by: 'amara', ago: 25.5 * HOUR, took: 171_000, ends: 'succeeded', shown: 'eventStudy' },
  { file: MINCER, args: ['women'], by: 'tomasz', ago: 3.2 * HOUR, took: 38_000, ends: 'succeeded' },
  { file: COX, by: 'jonas', ago: 24 * MINUTE, took: 102_000, ends: 'failed', shown: 'failedCox' },
]

const PRESENT: readonly Episode[] = [
  { file: BOOTSTRAP, by: 'amara', ends: 'running', shown: 'bootstrap' },
  { file: POWER, args: ['1200', '2000'], by: 'mei', ends: 'running' },
  { file: EVENT_STUDY, by: 'amara', ends: 'queued' },
  { file: MINCER, args: ['men'], by: 'tomasz', ends: 'queued' },
]

export async function createLab(): Promise<Lab> {
  await mkdir(HOME)
  const base = await mkdtemp(join(tmpdir(), 'tailgate-lab-'))
  const dataDir = join(base, 'data')
  const stata = await scriptedEngine(base, RECORDINGS)
  const start = () => startGateway({ dataDir, roots: [HOME], stata, args: ['--max-running', '2'] })
  const release = async () => {
    for (const { pid } of await processesUnder(base)) process.kill(pid, 'SIGKILL')
    await rm(base, { recursive: true, force: true })
    await rm(HOME, { recursive: true, force: true })
  }
  try {
    await writeProjects()
    const ids = new Map<Episode, string>()
    const first = await start()
    const client = createTailgateClient({ url: first.url })
    await setWaiting(false)
    for (const episode of PAST) ids.set(episode, await relive(client, episode))
    await setWaiting(true)
    for (const episode of PRESENT) ids.set(episode, await begin(client, episode))
    await first.stop()
    backdate(join(dataDir, 'tailgate.sqlite'), ids)
    const gateway = await start()
    return {
      url: gateway.url,
      runs: shownRuns(ids),
      [Symbol.asyncDispose]: async () => {
        await gateway.stop()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** The do-files that the recordings are of, the graphs, and something for every other file that they save. */
async function writeProjects(): Promise<void> {
  for (const name of await readdir(RECORDINGS, { recursive: true })) {
    if (!name.endsWith('.txt')) continue
    const recording = await readFile(join(RECORDINGS, name), 'utf8')
    const project = join(HOME, dirname(name))
    await mkdir(project, { recursive: true })
    await writeFile(join(HOME, name.replace(/txt$/, 'do')), recordedDoFile(recording))
    await cp(FIGURES, join(project, 'figures'), { recursive: true })
    for (const [, path = ''] of recording.matchAll(/(?:^file|written to) (\S+\.(?:dta|ster|tex))\b/gm)) {
      await mkdir(join(project, dirname(path)), { recursive: true })
      await writeFile(join(project, path), recording.repeat(path.endsWith('tex') ? 1 : 200))
    }
  }
}

async function setWaiting(waits: boolean): Promise<void> {
  for (const project of await readdir(HOME)) {
    if (waits) await rm(join(HOME, project, GO))
    else await writeFile(join(HOME, project, GO), '')
  }
}

/** From its start to its end. */
async function relive(client: TailgateClient, { file, args = [], ends }: Episode): Promise<string> {
  const run = await client.runs.start({ file, args: [...args] })
  if (ends === 'cancelled') await run.cancel()
  const { state } = await run.result()
  if (state !== ends) throw new Error(`${file} was to be ${ends} and is ${state}`)
  return run.id
}

/** Until it is as far as it is to be shown. */
async function begin(client: TailgateClient, { file, args = [], ends }: Episode): Promise<string> {
  const run = await client.runs.start({ file, args: [...args] })
  if (ends === 'queued') return run.id
  for await (const { text } of run.lines()) if (/ 600$|HR 0\.80/.test(text)) break
  return run.id
}

/** Puts the runs at the times, and in the names of the persons, that the episodes tell. */
function backdate(file: string, ids: ReadonlyMap<Episode, string>): void {
  using database = new DatabaseSync(file)
  const update = database.prepare(
    `UPDATE runs SET started_by = :by, queued_at = coalesce(:at, queued_at), started_at = coalesce(:at, started_at),
       ended_at = :at + :took, elapsed_ms = :took WHERE id = :id`,
  )
  const now = Date.now()
  for (const [{ by, ago, took }, id] of ids) {
    update.run({ id, by, at: ago === undefined ? null : now - ago, took: took ?? null })
  }
}

function shownRuns(ids: ReadonlyMap<Episode, string>): Record<Shown, string> {
  const id = (shown: Shown) => [...ids].find(([episode]) => episode.shown === shown)?.[1] ?? ''
  return { eventStudy: id('eventStudy'), failedCox: id('failedCox'), bootstrap: id('bootstrap') }
}
