import { createTailgateClient, type TailgateEvent } from '@tailgate/client'
import { expect, test } from 'vitest'
import { createWorkspace, processesUnder } from './harness/workspace.ts'

const RUNS = 20
const VIEWERS = 5
const LINES = 30

/** What every viewer must agree on: lines and their numbers; ticks depend on when a viewer joined. */
const linesOf = (events: readonly TailgateEvent[]) =>
  events.flatMap((event) => (event.type === 'lines' ? event.text.map((text, i) => `${event.first + i} ${text}`) : []))

test('20 runs at once with 5 viewers each, over both transports: all see the same', { timeout: 120_000 }, async () => {
  await using workspace = await createWorkspace()
  await workspace.file('work.do', `forvalues i = 1/${LINES} {\n display "run \`1' line \`i'"\n sleep 50\n}\n`)
  const { url, stop } = await workspace.start({ args: ['--max-running', String(RUNS)] })
  const clients = (['sse', 'trpc'] as const).map((transport) => createTailgateClient({ url, transport }))

  const watched = Array.from({ length: RUNS }, async (_, run) => {
    const started = await clients[run % 2]?.runs.start({ file: 'work.do', args: [String(run)] })
    if (started === undefined) throw new Error('no client')
    const viewers = Array.from({ length: VIEWERS }, async (__, viewer) => {
      const events: TailgateEvent[] = []
      const handle = clients[viewer % 2]?.runs.follow(started.id)
      for await (const event of handle?.events() ?? []) events.push(event)
      return events
    })
    return { run, views: await Promise.all(viewers) }
  })
  for (const { run, views } of await Promise.all(watched)) {
    const [first, ...others] = views.map(linesOf)
    const expected = Array.from({ length: LINES }, (_, i) => `run ${run} line ${i + 1}`)
    expect(first?.map((line) => line.replace(/^\d+ /, '')).filter((line) => /^run \d+ line/.test(line))).toEqual(
      expected,
    )
    for (const other of others) expect(other).toEqual(first)
    for (const view of views) {
      expect(view[0]?.type).toBe('run')
      expect(view.filter(({ type }) => type === 'end')).toHaveLength(1)
      expect(view.at(-1)).toMatchObject({ type: 'end', run: { state: 'succeeded' } })
    }
  }

  // A viewer of a run that is over sees all of it too.
  const [client] = clients
  const over = (await client?.runs.list())?.runs[0]
  const late: TailgateEvent[] = []
  for await (const event of client?.runs.follow(over?.id ?? '').events() ?? []) late.push(event)
  expect(linesOf(late).filter((line) => /run \d+ line/.test(line))).toHaveLength(LINES)
  expect(late.some(({ type }) => type === 'tick')).toBe(false)

  expect(await stop()).toEqual({ code: 0, signal: null })
  expect(await processesUnder(workspace.dataDir)).toEqual([])
})

test('both client transports give the same lines and ticks as typed events, ticks between the lines', async () => {
  await using workspace = await createWorkspace()
  // Longer than from one tick to the next, with a second to spare: so one falls into each pause whenever it begins.
  await workspace.file('slow.do', 'forvalues i = 1/3 {\n display "Iteration `i\'"\n sleep 3000\n}\n')
  const { url } = await workspace.start()
  const started = await createTailgateClient({ url }).runs.start({ file: 'slow.do' })
  const views = await Promise.all(
    (['sse', 'trpc'] as const).map(async (transport) => {
      const story: string[] = []
      for await (const event of createTailgateClient({ url, transport }).runs.follow(started.id).events()) {
        if (event.type === 'tick') story.push(`tick ${event.elapsedMs}`)
        if (event.type === 'lines') story.push(...event.text.filter((line) => line.startsWith('Iteration')))
      }
      return story
    }),
  )
  for (const story of views) {
    expect(story.filter((entry) => entry.startsWith('Iteration'))).toEqual([
      'Iteration 1',
      'Iteration 2',
      'Iteration 3',
    ])
    const ticks = story.filter((entry) => entry.startsWith('tick'))
    expect(ticks).toEqual(ticks.map((_, n) => `tick ${2_000 * (n + 1)}`))
    for (const i of [1, 2]) {
      const pause = story.slice(story.indexOf(`Iteration ${i}`) + 1, story.indexOf(`Iteration ${i + 1}`))
      expect(pause.length, `ticks after Iteration ${i}`).toBeGreaterThan(0)
    }
  }
  expect(views[0]?.toSorted()).toEqual(views[1]?.toSorted())
})
