import { createTailgateClient } from '@tailgate/client'

/** Run as a process: `<gateway's address> <run>`; says "watching", and tells what it saw when its input ends. */

const [url = '', runId = ''] = process.argv.slice(2)
const tailgate = createTailgateClient({ url, transport: 'sse' })
const leaving = new AbortController()
const beats: number[] = []
const failures: string[] = []
let longestGapMs = 0
let longestAnswerMs = 0

async function watch(): Promise<void> {
  let last: number | null = null
  for await (const { text } of tailgate.runs.follow(runId).lines({ signal: leaving.signal })) {
    const beat = Number(/^beat (\d+)$/.exec(text)?.[1] ?? Number.NaN)
    if (Number.isNaN(beat)) continue
    const now = performance.now()
    if (last === null) process.stdout.write(' ')
    else longestGapMs = Math.max(longestGapMs, now - last)
    last = now
    beats.push(beat)
  }
}

async function ask(): Promise<void> {
  while (!leaving.signal.aborted) {
    const asked = performance.now()
    try {
      const response = await fetch(`${url}/runs/${runId}`)
      await response.arrayBuffer()
      if (response.status !== 200) failures.push(`status ${response.status}`)
    } catch (error) {
      failures.push(String(error instanceof Error ? (error.cause ?? error) : error))
    }
    longestAnswerMs = Math.max(longestAnswerMs, performance.now() - asked)
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

process.stdin.resume().once('end', () => leaving.abort())
await Promise.all([watch().catch((error: unknown) => leaving.signal.aborted || failures.push(String(error))), ask()])
process.stdout.write(JSON.stringify({ beats, longestGapMs, longestAnswerMs, failures }))
