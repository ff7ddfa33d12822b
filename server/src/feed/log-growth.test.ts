import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAX_RATE_SAMPLES } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { LogGrowth, loadGrowth, saveGrowth } from './log-growth.ts'

function grown(ticks: number): LogGrowth {
  const growth = new LogGrowth()
  for (let tick = 1; tick <= ticks; tick += 1) growth.note({ elapsedMs: tick * 2_000, lines: tick * 10 })
  return growth
}

test('a short run keeps every tick', () => {
  expect(grown(3).samples()).toEqual([
    { elapsedMs: 2_000, lines: 10 },
    { elapsedMs: 4_000, lines: 20 },
    { elapsedMs: 6_000, lines: 30 },
  ])
})

test('a run of a month is told in a bounded number of samples that reach from its begin to its end', () => {
  const ticks = 30 * 24 * 60 * 30
  const samples = grown(ticks).samples()
  expect(samples.length).toBeLessThanOrEqual(MAX_RATE_SAMPLES)
  expect(samples.length).toBeGreaterThan(MAX_RATE_SAMPLES / 4)
  expect(samples[0]).toEqual({ elapsedMs: 2_000, lines: 10 })
  expect(samples.at(-1)).toEqual({ elapsedMs: ticks * 2_000, lines: ticks * 10 })
  const gaps = samples.slice(1).map((sample, i) => sample.elapsedMs - (samples[i]?.elapsedMs ?? 0))
  expect(new Set(gaps.slice(0, -1)).size).toBe(1)
})

test('the newest sample is told although it comes soon after another', () => {
  const growth = grown(1)
  growth.note({ elapsedMs: 2_100, lines: 55 })
  expect(growth.samples().at(-1)).toEqual({ elapsedMs: 2_100, lines: 55 })
})

test('what was saved is gone on with, as coarse as it was', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tailgate-growth-'))
  try {
    const growth = grown(MAX_RATE_SAMPLES * 3)
    await saveGrowth(directory, growth)
    const loaded = await loadGrowth(directory)
    expect(loaded.samples()).toEqual(growth.samples())
    const last = growth.samples().at(-1)?.elapsedMs ?? 0
    for (let i = 1; i <= MAX_RATE_SAMPLES; i += 1) loaded.note({ elapsedMs: last + i * 2_000, lines: i })
    expect(loaded.samples().length).toBeLessThanOrEqual(MAX_RATE_SAMPLES)
  } finally {
    await rm(directory, { recursive: true })
  }
})

test('nothing saved, or nonsense, is an empty beginning', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tailgate-growth-'))
  try {
    expect((await loadGrowth(directory)).samples()).toEqual([])
    await writeFile(join(directory, 'run.growth'), '{"samples":[{"elapsedMs":"x"}]}')
    expect((await loadGrowth(directory)).samples()).toEqual([])
  } finally {
    await rm(directory, { recursive: true })
  }
})
