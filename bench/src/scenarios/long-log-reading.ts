import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'
import type { Bench } from '../bench.ts'
import { percentile } from '../report/samples.ts'
import { KeptConnection } from '../subjects/kept-connection.ts'
import type { Shown, Tailgate } from '../subjects/tailgate.ts'

/** Reading a long log: pages of it, a search through it, all of it. */

const PAGE_LINES = 1_000
/** Nowhere in the log, so that all of it is looked through. */
const NEEDLE = 'Kaffeemaschine'

const run = promisify(execFile)

const pageSchema = z.object({ lines: z.array(z.object({ number: z.number() })) })
const searchSchema = z.object({ matches: z.array(z.unknown()), scannedTo: z.number(), complete: z.boolean() })

/** How long each page took, milliseconds, JSON parsed. */
export async function readPages(bench: Bench, { gateway }: Tailgate, { runId }: Shown): Promise<number[]> {
  const { pages, longLogLines } = bench.sizes
  const times: number[] = []
  using connection = new KeptConnection(gateway.port, gateway.headers)
  for (let page = 0; page < pages; page++) {
    // All over the log, in an order that no cache could follow.
    const from = 1 + ((page * 7_368_787) % (longLogLines - PAGE_LINES))
    const startedAt = performance.now()
    const answer = JSON.parse(await connection.get(`/runs/${runId}/lines?from=${from}&count=${PAGE_LINES}`))
    times.push(performance.now() - startedAt)
    const { lines } = pageSchema.parse(answer)
    if (lines.length !== PAGE_LINES || lines[0]?.number !== from) throw new Error(`The page from ${from} is not whole.`)
  }
  bench.note(`pages: p50 ${percentile(times, 50).toFixed(2)} ms, p99 ${percentile(times, 99).toFixed(2)} ms`)
  return times
}

export type Against = { readonly seconds: number[]; readonly otherSeconds: number[] }

/** A search against grep's, with the longest time that the gateway's event loop was held by each, milliseconds. */
export async function compareSearch(
  bench: Bench,
  { gateway }: Tailgate,
  { runId, logPath }: Shown,
): Promise<Against & { readonly held: number[] }> {
  const result = { seconds: [] as number[], otherSeconds: [] as number[], held: [] as number[] }
  for (let round = 1; round <= bench.sizes.rounds; round++) {
    // grep ends with 1 when it finds nothing.
    const grep = await secondsOf(() => run('grep', ['-F', '-c', NEEDLE, logPath]).catch(() => {}))
    let own = Number.NaN
    const { max: held } = await gateway.loopDelay(async () => {
      own = await secondsOf(() => searchAll(gateway, runId))
    })
    result.seconds.push(own)
    result.otherSeconds.push(grep)
    result.held.push(held)
    bench.note(
      `search, round ${round}: ${own.toFixed(2)} s, grep ${grep.toFixed(2)} s, loop held ${held.toFixed(1)} ms`,
    )
  }
  return result
}

/** A search that takes long answers with what it has; it is then asked to go on. */
async function searchAll(gateway: Tailgate['gateway'], runId: string): Promise<void> {
  for (let from = 1, complete = false; !complete; ) {
    const answer = searchSchema.parse(await gateway.get(`/runs/${runId}/search?q=${NEEDLE}&from=${from}`))
    if (answer.matches.length > 0) throw new Error('The search found what is not there.')
    complete = answer.complete
    from = answer.scannedTo + 1
  }
}

/** All of it to a late viewer, against the same bytes from a file; both by curl. */
export async function compareReplay(bench: Bench, { target, logPath }: Shown): Promise<Against> {
  const recording = join(bench.workspace, 'replay.sse')
  const url = `http://127.0.0.1:${target.port}${target.path}`
  const headers = Object.entries(target.headers ?? {}).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const curl = (...args: string[]) => run('curl', ['--silent', '--no-buffer', '--fail', ...headers, ...args])
  await curl(url, '--output', recording)
  await expectLog(recording, logPath)
  const result = { seconds: [] as number[], otherSeconds: [] as number[] }
  for (let round = 1; round <= bench.sizes.rounds; round++) {
    const own = await secondsOf(() => curl(url, '--output', '/dev/null'))
    const file = await secondsOf(() => curl(`file://${recording}`, '--output', '/dev/null'))
    result.seconds.push(own)
    result.otherSeconds.push(file)
    bench.note(`replay, round ${round}: ${own.toFixed(2)} s, from the file ${file.toFixed(2)} s`)
  }
  return result
}

/** Fails unless a recorded stream has the log's lines, behind the line that tells what starts. */
async function expectLog(recording: string, logPath: string): Promise<void> {
  const { size } = await stat(logPath)
  const script = 'sed -n "s/^data: //p" "$1" | tail -n +2 | cmp -n "$3" - "$2"'
  await run('/bin/sh', ['-c', script, 'sh', recording, logPath, `${size}`])
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}
