import { createTailgateClient, type TailgateEvent } from '@tailgate/client'
import { describe, expect, test } from 'vitest'
import { startCuttingProxy } from './harness/cutting-proxy.ts'
import { createWorkspace, curl } from './harness/workspace.ts'

const COUNTING = 'forvalues i = 1/150 {\n  display "counting `i\'"\n  sleep 20\n}\n'
const counted = Array.from({ length: 150 }, (_, index) => `counting ${index + 1}`)

/** The log itself, as its lines. */
const logLines = async (url: string, runId: string) => (await curl(`${url}/runs/${runId}/log`)).trimEnd().split('\n')

describe.each(['sse', 'trpc'] as const)('the client over %s', (transport) => {
  test('gives every line of the log once, through connections that break again and again', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('counting.do', COUNTING)
    const { url } = await workspace.start()
    await using proxy = await startCuttingProxy(url)
    const tailgate = createTailgateClient({ url: proxy.url, transport, backOff: { firstMs: 5 } })
    const run = await tailgate.runs.start({ file: 'counting.do' })
    const lines: { number: number; text: string }[] = []
    let cuts = 0
    for await (const line of run.lines()) {
      lines.push(line)
      if (/^counting \d*0$/.test(line.text) && proxy.cut() > 0) cuts += 1
    }
    expect((await run.result()).state).toBe('succeeded')
    expect(cuts).toBeGreaterThanOrEqual(5)
    expect(lines.map((line) => line.number)).toEqual(lines.map((_, index) => index + 1))
    expect(lines.map((line) => line.text)).toEqual(await logLines(url, run.id))
    expect(lines.map((line) => line.text).filter((text) => text.startsWith('counting'))).toEqual(counted)
  })

  test('outlives a gateway that restarts', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('counting.do', COUNTING)
    const first = await workspace.start()
    const { port } = new URL(first.url)
    const run = await createTailgateClient({ url: first.url, transport }).runs.start({ file: 'counting.do' })
    const events: TailgateEvent[] = []
    let restarted = false
    for await (const event of run.events()) {
      events.push(event)
      if (event.type !== 'lines' || restarted) continue
      restarted = true
      await first.stop()
      await workspace.start({ args: ['--port', port] })
    }
    const texts = events.flatMap((event) => (event.type === 'lines' ? event.text : []))
    expect(texts).toEqual(await logLines(first.url, run.id))
    expect(texts.filter((text) => text.startsWith('counting'))).toEqual(counted)
    expect(events.at(-1)).toMatchObject({ type: 'end', run: { state: 'succeeded' } })
  })

  test('tells how a do-file failed, and what the gateway refuses', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('failing.do', 'set obs 3\ngenerate y = bad_var + 1\n')
    const { url } = await workspace.start()
    const { runs, engine, health } = createTailgateClient({ url, transport })
    const run = await runs.start({ file: 'failing.do' })
    const { state, outcome } = await run.result()
    expect([state, outcome.rc, outcome.message]).toEqual(['failed', 111, 'bad_var not found'])
    expect((await runs.search({ runId: run.id, q: 'bad_var not found' })).matches).toHaveLength(1)
    expect((await runs.lines({ runId: run.id })).complete).toBe(true)
    expect((await engine.info()).engine.kind).toBe('standin')
    expect((await health()).stata_available).toBe(false)
    await runs.remove(run.id)
    await expect(runs.get(run.id)).rejects.toMatchObject({ code: 'not-found' })
    await expect(runs.start({ file: 'nowhere.do' })).rejects.toMatchObject({ code: 'not-found' })
    await expect(runs.start({ file: '/etc/hostname' })).rejects.toMatchObject({ code: 'forbidden' })
  })

  test('stops a run', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('counting.do', COUNTING)
    const { url } = await workspace.start()
    const run = await createTailgateClient({ url, transport }).runs.start({ file: 'counting.do' })
    for await (const line of run.lines()) if (line.text === 'counting 1') await run.cancel()
    const { state, outcome } = await run.result()
    expect([state, outcome.reason]).toEqual(['cancelled', 'cancelled'])
  })
})
