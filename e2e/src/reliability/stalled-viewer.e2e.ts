import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createTailgateClient, type RunHandle } from '@tailgate/client'
import { formatCursor, STALLED_VIEWER_MS } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { openInspector, WITH_INSPECTOR } from '../harness/held-memory.ts'
import { createWorkspace, curl } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** Viewers that stop reading in the middle of a log, as a laptop does whose lid is closed. */

/** What all of them together may make the gateway hold: the events they are at, and what waits for their sockets. */
const MAX_GROWTH_BYTES = 8 * 1024 * 1024
/** For each way to watch. */
const STALLED = 4
/** Each begins so far behind the one before it, so that no two wait for the same part of the log. */
const APART_BYTES = 600_000
/** Longer than what was read lately is kept for others. */
const CACHE_IDLE_MS = 7_000
/** Delays to compare with are measured on so many lines. */
const BASELINE_LINES = 60

/** Asks for a stream, reads its first bytes, and then nothing more. */
async function stall(url: string, path: string): Promise<Socket> {
  const { port, hostname, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept: text/event-stream\r\n\r\n`)
  await once(socket, 'data')
  socket.pause()
  return socket
}

/** The three ways to watch a run, from a place in its log on. */
function addressesFrom(runId: string, offset: number): string[] {
  const cursor = formatCursor({ runId, generation: 0, offset, ended: false })
  const input = encodeURIComponent(JSON.stringify({ runId, lastEventId: cursor }))
  const stream = `/runs/${runId}/stream?cursor=${cursor}`
  return [stream, `${stream}&format=json`, `/trpc/runs.follow?input=${input}`]
}

/** How long lines with the time take from the engine to a viewer, milliseconds. */
async function watchDelays(run: RunHandle, delays: number[]): Promise<void> {
  for await (const { text } of run.lines()) {
    if (text.startsWith('clock ')) delays.push(Date.now() - Number(text.slice('clock '.length)))
  }
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

async function droppedViewers(url: string): Promise<number> {
  return Number(/^tailgate_dropped_viewers_total (\d+)$/m.exec(await curl(`${url}/metrics`))?.[1])
}

test('viewers that stop reading cost little, are dropped after 30 s, and delay nobody', {
  timeout: 240_000,
}, async () => {
  await using workspace = await createWorkspace()
  const stata = await scriptedEngine(workspace.root)
  await workspace.file('big.do', '* engine: burst 1500000\n')
  await workspace.file('clock.do', '* engine: clock 1000000 50\n')
  const gateway = await workspace.start({ stata, env: WITH_INSPECTOR, args: ['--kill-grace', '1'] })
  const { url } = gateway
  using memory = await openInspector(gateway)
  const { runs } = createTailgateClient({ url })
  const big = await runs.start({ file: 'big.do' })
  await big.result()
  const addresses = Array.from({ length: STALLED }, (_, i) => addressesFrom(big.id, i * APART_BYTES)).flat()
  // What is needed once, for any viewer, is not the stalled one's.
  const oneOfEachWay = addresses.slice(0, addressesFrom(big.id, 0).length)
  for (const address of oneOfEachWay) await promisify(execFile)('curl', ['-sN', '-o', '/dev/null', url + address])

  const clock = await runs.start({ file: 'clock.do' })
  const delays: number[] = []
  const watching = watchDelays(clock, delays)
  while (delays.length < BASELINE_LINES) await delay(50)
  const before = median(delays.splice(0))
  await delay(CACHE_IDLE_MS)
  const heldBefore = await memory.heldBytes()

  const sockets = await Promise.all(addresses.map((address) => stall(url, address)))
  const stalledAt = performance.now()
  await delay(STALLED_VIEWER_MS / 2)
  const growth = (await memory.heldBytes()) - heldBefore
  while ((await droppedViewers(url)) === 0) await delay(250)
  const keptMs = performance.now() - stalledAt
  while ((await droppedViewers(url)) < sockets.length) await delay(250)
  await clock.cancel()
  await watching
  for (const socket of sockets) socket.destroy()
  const during = median(delays)
  const each = Math.round(growth / sockets.length / 1024)
  const facts = `memory +${(growth / 2 ** 20).toFixed(1)} MiB (${each} KiB each), dropped after ${(keptMs / 1_000).toFixed(1)} s, median delay of others ${before} ms before and ${during} ms meanwhile`
  console.log(`${sockets.length} stalled viewers: ${facts}`)

  expect(growth).toBeLessThan(MAX_GROWTH_BYTES)
  expect(keptMs).toBeGreaterThan(STALLED_VIEWER_MS - 2_000)
  expect(keptMs).toBeLessThan(2 * STALLED_VIEWER_MS)
  // A machine that is busy with other things is no reason to fail; having to wait for a stalled viewer would take seconds.
  expect(during).toBeLessThan(3 * before + 200)
})
