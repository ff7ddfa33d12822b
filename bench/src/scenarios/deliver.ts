import type { Bench } from '../bench.ts'
import type { Pace } from '../engine/writing-task.ts'
import type { Showing, Subject } from '../subjects/subject.ts'
import type { Keeping } from '../viewers/viewer-target.ts'

/** A log, written while viewers watch it. */
export type Delivery = {
  readonly lines: number
  readonly viewers: number
  readonly how: Pace
  /** Default: everything, to be compared with the log. */
  readonly keep?: Keeping
}

export type Delivered = {
  /** From the first line's writing to the last viewer's last line. */
  readonly seconds: number
  /** Lines written to viewers in a second, all viewers together. */
  readonly rate: number
  /** How long the engine took to write. */
  readonly writingSeconds: number
  /** Processor time that the server took, seconds. */
  readonly serverCpu: number
  /** How much of one core the viewers took. */
  readonly viewersBusy: number
  readonly bytes: number
  readonly ages: readonly number[]
}

/** Shows a log once; throws unless every viewer was sent every line. `afterwards` may look at it before it goes. */
export async function deliver(
  bench: Bench,
  subject: Subject,
  delivery: Delivery,
  afterwards?: (showing: Showing) => Promise<void>,
): Promise<Delivered> {
  const { lines, viewers, how, keep = 'all' } = delivery
  await using showing = await subject.open(lines, how)
  await bench.viewers.connect(showing.target, viewers, keep)
  const cpuBefore = showing.serverCpuMs()
  const watching = bench.viewers.watch(showing.logBytes)
  const report = await showing.write()
  const { endedAt, bytes, cpuMs: viewersCpuMs, ages } = await watching
  const serverCpu = (showing.serverCpuMs() - cpuBefore) / 1000
  if (keep === 'all' && showing.logPath !== null) await bench.viewers.compare(showing.logPath, lines)
  if (keep === 'age' && ages.length !== lines * viewers) {
    throw new Error(`${subject.name}: ${ages.length} of ${lines * viewers} lines arrived.`)
  }
  await afterwards?.(showing)
  await bench.viewers.close()
  const seconds = (endedAt - report.startedAt) / 1e9
  return {
    seconds,
    rate: (lines * viewers) / seconds,
    writingSeconds: (report.endedAt - report.startedAt) / 1e9,
    serverCpu,
    viewersBusy: viewersCpuMs / 1000 / seconds,
    bytes,
    ages,
  }
}

/** What one subject did, round by round. */
export type Rounds = { readonly subject: string; readonly deliveries: readonly Delivered[] }

/** Several subjects, each once a round, so that whatever disturbs the machine for a while disturbs them all. */
export async function deliverInRounds(
  bench: Bench,
  contestants: readonly { readonly subject: Subject | null; readonly delivery: Delivery }[],
): Promise<Rounds[]> {
  const present = contestants.flatMap(({ subject, delivery }) => (subject === null ? [] : [{ subject, delivery }]))
  const all = present.map(({ subject }) => ({ subject: subject.name, deliveries: [] as Delivered[] }))
  for (let round = 1; round <= bench.sizes.rounds; round++) {
    for (const [i, { subject, delivery }] of present.entries()) {
      const delivered = await deliver(bench, subject, delivery)
      all[i]?.deliveries.push(delivered)
      const { rate, seconds, serverCpu, viewersBusy } = delivered
      bench.note(
        `${subject.name}, round ${round}: ${Math.round(rate).toLocaleString('en-US')} lines/s, ${seconds.toFixed(2)} s, ` +
          `server ${serverCpu.toFixed(2)} s CPU, viewers ${Math.round(viewersBusy * 100)} % of a core`,
      )
    }
  }
  return all
}
