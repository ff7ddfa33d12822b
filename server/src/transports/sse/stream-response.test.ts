import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { stalledViewer } from '../testing/raw-viewer.ts'
import { eventsOf, readEvents } from '../testing/read-events.ts'
import { sampleOutcome } from '../testing/sample-run.ts'
import { startGateway } from '../testing/start-gateway.ts'

const succeeded = { state: 'succeeded', outcome: sampleOutcome() } as const

test('a silent stream gets a comment', async () => {
  await using gateway = await startGateway({ heartbeatMs: 20 })
  const run = gateway.runs.add()
  const response = await fetch(`${gateway.url}/runs/${run.run.id}/stream`)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes(': still here\n\n')) text += (await reader?.read())?.value ?? ''
  await reader?.cancel()
})

test('lines and ticks arrive in their order, each once, through a socket that is often full', async () => {
  await using gateway = await startGateway()
  const run = gateway.runs.add()
  const response = await fetch(`${gateway.url}/runs/run-1/stream?format=json`)
  const big = 'x'.repeat(50_000)
  for (let i = 0; i < 400; i += 1) run.lines(`${i} ${big}`).tick(i)
  run.end(succeeded)
  const seen = (await readEvents(response)).map(({ data }) => JSON.parse(data))
  expect(seen.map((event) => event.type)).toEqual(['run', ...Array(400).fill(['lines', 'tick']).flat(), 'end'])
  expect(seen.filter((event) => event.type === 'lines').map((event) => Number.parseInt(event.text[0], 10))).toEqual(
    Array.from({ length: 400 }, (_, i) => i),
  )
})

test('a viewer that leaves ends its follow, at once and without an error', async () => {
  await using gateway = await startGateway()
  const run = gateway.runs.add()
  const response = await fetch(`${gateway.url}/runs/run-1/stream`)
  for await (const _event of eventsOf(response)) break
  await vi.waitFor(() => expect(run.viewers).toBe(0))
  // Nobody listens any more; writing on must not matter.
  run.lines('more').end(succeeded)
})

test('a viewer that takes nothing is dropped, without ever having been sent more than sockets hold', async () => {
  await using gateway = await startGateway({ stalledViewerMs: 300 })
  const run = gateway.runs.add()
  const pulled: number[] = []
  const big = 'x'.repeat(1_000_000)
  const follow = gateway.runs.follow
  gateway.runs.follow = async (runId, cursor, signal) => {
    const deliveries = await follow(runId, cursor, signal)
    if (!deliveries.ok) return deliveries
    return {
      ok: true,
      value: (async function* () {
        for await (const delivery of deliveries.value) {
          pulled.push(delivery.cursor.offset)
          yield delivery
        }
      })(),
    }
  }
  for (let i = 0; i < 200; i += 1) run.lines(big)
  const socket = await stalledViewer(gateway.url, '/runs/run-1/stream')
  await vi.waitFor(() => expect(run.viewers).toBe(1))
  await vi.waitFor(() => expect(run.viewers).toBe(0), { timeout: 10_000 })
  expect(pulled.length).toBeLessThan(50)
  socket.destroy()
})

test('a viewer that reads slowly, but reads, is not dropped', async () => {
  await using gateway = await startGateway({ stalledViewerMs: 1_000 })
  const run = gateway.runs.add()
  for (let i = 0; i < 40; i += 1) run.lines('x'.repeat(500_000))
  run.end(succeeded)
  const socket = await stalledViewer(gateway.url, '/runs/run-1/stream')
  const startedAt = performance.now()
  let tail = ''
  let bytes = 0
  socket.on('data', (chunk) => {
    bytes += chunk.length
    tail = (tail + chunk.toString('latin1')).slice(-2_000)
    if (tail.includes('event: end')) socket.end()
    // A piece every 10 ms: the whole takes longer than the limit, no pause is nearly as long.
    socket.pause()
    setTimeout(() => socket.resume(), 10)
  })
  socket.resume()
  await once(socket, 'close')
  expect(tail).toContain('event: end')
  expect(bytes).toBeGreaterThan(20_000_000)
  expect(performance.now() - startedAt).toBeGreaterThan(1_000)
})

test('a viewer that kept up, was idle, and then takes nothing is dropped', async () => {
  await using gateway = await startGateway({ stalledViewerMs: 300, heartbeatMs: 1_000 })
  const run = gateway.runs.add()
  const socket = await stalledViewer(gateway.url, '/runs/run-1/stream')
  const big = 'x'.repeat(10_000_000)
  run.lines(big)
  let tail = ''
  socket.on('data', (chunk) => {
    tail = (tail + chunk.toString('latin1')).slice(-2_000)
    // Quiet for more than three times as long as a stalled viewer is kept.
    if (tail.includes(': still here')) socket.pause()
  })
  socket.resume()
  await once(socket, 'pause')
  expect(run.viewers).toBe(1)
  run.lines(big).lines(big)
  await vi.waitFor(() => expect(run.viewers).toBe(0), { timeout: 10_000 })
  socket.destroy()
})

test('an idle viewer of a quiet run is not dropped', async () => {
  await using gateway = await startGateway({ stalledViewerMs: 10, heartbeatMs: 50 })
  const run = gateway.runs.add()
  const response = await fetch(`${gateway.url}/runs/run-1/stream`)
  let text = ''
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    // Five times as long as a stalled viewer would be kept, and more.
    if (text.split(': still here').length === 6) run.lines('still there').end(succeeded)
  }
  expect(text).toContain('data: still there')
  expect(text).toContain('event: end')
})

test('a closing gateway ends the streams cleanly, and the run is resumed where the stream ended', async () => {
  const gateway = await startGateway()
  const run = gateway.runs.add()
  const curl = promisify(execFile)('curl', ['-sN', `${gateway.url}/runs/run-1/stream`])
  await vi.waitFor(() => expect(run.viewers).toBe(1))
  run.lines('one')
  await gateway.http.close()
  // Had the connection been cut, curl would fail.
  const { stdout } = await curl
  expect(stdout).toContain(': the gateway is closing; come back with the last id')
  expect(run.viewers).toBe(0)
})

test('a broken event source cuts the stream, so that the viewer knows it is not the end', async () => {
  await using gateway = await startGateway()
  const run = gateway.runs.add()
  const response = await fetch(`${gateway.url}/runs/run-1/stream`)
  run.end({ state: 'running' })
  await expect(readEvents(response)).rejects.toThrow()
})
