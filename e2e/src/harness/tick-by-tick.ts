import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { curlTimed } from './sse-text.ts'
import type { Workspace } from './workspace.ts'

const STREAMING = await readFile(new URL('../../../examples/streaming.do', import.meta.url), 'utf8')

/** A run that is started and watched at this address comes line by line and tick by tick, not in one piece. */
export async function expectTickByTick(workspace: Workspace, url: string, curlArgs: readonly string[]): Promise<void> {
  await workspace.file('streaming.do', STREAMING)
  const lines = await curlTimed(...curlArgs, `${url}/run_file?file_path=streaming.do`)
  const texts = lines.map(({ text }) => text)
  expect(texts[0]).toBe('retry: 2000')
  expect(texts).toContain('data: *** Execution completed ***')
  const at = (text: string) => lines.find((line) => line.text === `data: ${text}`)?.at ?? Number.NaN
  // What is buffered comes together; these were written two seconds apart.
  for (const second of [4, 6, 8]) {
    const before = at(`Executing... ${second - 2}.0s elapsed`)
    expect(at(`Executing... ${second}.0s elapsed`) - before).toBeGreaterThan(1_000)
  }
  for (const iteration of [2, 3, 4, 5]) {
    expect(at(`Iteration ${iteration}`) - at(`Iteration ${iteration - 1}`)).toBeGreaterThan(1_000)
  }
}
