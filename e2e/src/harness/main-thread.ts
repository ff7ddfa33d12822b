import type { CDPSession, Page } from 'playwright-core'

/** What a page costs while something goes on: processor time of its main thread's tasks, and memory of its scripts. */
export type PageCost = {
  /** The longest task, milliseconds of processor time: what else this machine does counts for nothing. */
  readonly longestTaskMs: number
  /** All tasks together, milliseconds. */
  readonly busyMs: number
  /** The most memory that scripts took, garbage included, bytes. */
  readonly heapBytes: number
}

type TraceEvent = {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Processor time of a complete event, microseconds. */
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

const SAMPLE_MS = 250

/** Watches a page until `work` is done. */
export async function pageCost(page: Page, work: () => Promise<void>): Promise<PageCost> {
  const session = await page.context().newCDPSession(page)
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[]))) // as Chromium's trace format has it
  await session.send('Performance.enable')
  await session.send('Tracing.start', { traceConfig: { includedCategories: ['toplevel', '__metadata'] } })
  let heapBytes = 0
  const sample = setInterval(() => {
    void usedHeap(session).then((bytes) => {
      heapBytes = Math.max(heapBytes, bytes)
    })
  }, SAMPLE_MS)
  try {
    await work()
  } finally {
    clearInterval(sample)
  }
  heapBytes = Math.max(heapBytes, await usedHeap(session))
  const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()))
  await session.send('Tracing.end')
  await complete
  await session.detach()
  const isMain = ({ name, args }: TraceEvent) => name === 'thread_name' && args?.name === 'CrRendererMain'
  const mainThreads = new Set(events.filter(isMain).map(threadOf))
  const isTask = (event: TraceEvent) => event.ph === 'X' && event.name === 'ThreadControllerImpl::RunTask'
  const tasks = events.filter((event) => isTask(event) && mainThreads.has(threadOf(event)))
  const times = tasks.map(({ tdur = 0 }) => tdur / 1_000)
  if (times.length === 0) throw new Error('the trace has no task of the main thread')
  return { longestTaskMs: Math.max(...times), busyMs: times.reduce((sum, ms) => sum + ms, 0), heapBytes }
}

const threadOf = ({ pid, tid }: TraceEvent) => `${pid}/${tid}`

async function usedHeap(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics').catch(() => ({ metrics: [] }))
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0
}
