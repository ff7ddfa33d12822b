import { expect, test } from 'vitest'
import { soakCanary } from '../soak/canary.ts'
import { newSeed, printReport, violations } from '../soak/report.ts'

test('ten viewers, cut again and again, some slow and some late, get each of 30,000 lines once and in order', {
  timeout: 120_000,
}, async () => {
  const report = await soakCanary({ lines: 30_000, linesPerSecond: 5_000, viewers: 10, seed: newSeed() })
  printReport(report)
  expect(violations(report)).toEqual([])
  expect(report.done['connections cut']).toBeGreaterThan(5)
})
