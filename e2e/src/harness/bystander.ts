import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { runSchema } from '@tailgate/shared'
import { expect } from 'vitest'
import type { GatewayProcess } from './gateway-process.ts'
import type { Workspace } from './workspace.ts'

/**
 * Somebody else on the gateway while it is attacked: watches a run of their own and asks a question now and then, in a
 * process of its own, so that only the gateway can keep it waiting.
 */

/** A line every 200 ms and an answer, later than this, is an outage. Generous: these tests run on busy machines. */
const MAX_WAIT_MS = 8_000

/** How much more memory the gateway may take at its worst moment than before the attack. */
const MAX_GROWTH_BYTES = 400 * 1024 * 1024

type Report = {
  /** The numbers of the lines that came, in that order. */
  readonly beats: readonly number[]
  readonly longestGapMs: number
  readonly longestAnswerMs: number
  readonly failures: readonly string[]
  /** How much more memory the gateway had at its worst moment than when the watching began. */
  readonly growthBytes: number
}

export type Bystander = {
  /** Ends the watching, and tells how it went. */
  leave(): Promise<Report>
}

/** A line every 200 ms for some minutes. For the scripted engine the comments are commands, for Stata they are none. */
const BEATS = `${Array.from({ length: 2_000 }, (_, i) => `* engine: print beat ${i + 1}\n* engine: sleep 200\n`).join('')}
forvalues i = 1/2000 {
  display "beat \`i'"
  sleep 200
}
`

const PROCESS = fileURLToPath(new URL('./bystander-process.ts', import.meta.url))

export async function startBystander(gateway: GatewayProcess, workspace: Workspace): Promise<Bystander> {
  await workspace.file('beats.do', BEATS)
  const started = await fetch(`${gateway.url}/runs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ file: 'beats.do' }),
  })
  const { id } = runSchema.parse(await started.json())
  const child = spawn(process.execPath, [PROCESS, gateway.url, id], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const before = await memory(gateway, 'VmRSS')
  return {
    async leave() {
      child.stdin.end()
      // Written by `bystander-process.ts`.
      const report = JSON.parse(await text(child.stdout)) as Omit<Report, 'growthBytes'>
      const growthBytes = (await memory(gateway, 'VmHWM')) - before
      await fetch(`${gateway.url}/runs/${id}/cancel`, { method: 'POST' })
      await fetch(`${gateway.url}/runs/${id}/stream`).then((response) => response.text())
      return { ...report, growthBytes }
    },
  }
}

/** Bytes of memory that the gateway has now (`VmRSS`), or had at most (`VmHWM`). */
async function memory({ process: { pid } }: GatewayProcess, name: 'VmRSS' | 'VmHWM'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
}

/** Nobody else noticed the attack: nothing failed or was lost, nothing took too long, and memory stayed in bounds. */
export function expectUnharmed(report: Report): void {
  const { beats, longestGapMs, longestAnswerMs, failures, growthBytes } = report
  expect(failures).toEqual([])
  expect(beats).toEqual(beats.map((_, index) => (beats[0] ?? 0) + index))
  expect(beats.length).toBeGreaterThan(1)
  expect(longestGapMs).toBeLessThan(MAX_WAIT_MS)
  expect(longestAnswerMs).toBeLessThan(MAX_WAIT_MS)
  expect(growthBytes).toBeLessThan(MAX_GROWTH_BYTES)
}
