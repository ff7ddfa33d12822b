import { parseArgs } from 'node:util'
import { soakCanary } from './canary.ts'
import { soakGatewayKills } from './gateway-kills.ts'
import { newSeed, printReport, type Report, violations } from './report.ts'

/**
 * `pnpm soak [--seed NUMBER] [NAME …]`: the long forms of the tests that look for lost lines and untrue outcomes.
 * Prints counters; exits with 1 if one that must be zero is not.
 */

const SOAKS: Readonly<Record<string, (seed: number) => Promise<Report>>> = {
  canary: (seed) => soakCanary({ lines: 1_000_000, linesPerSecond: 10_000, viewers: 50, seed }),
  'gateway-kills': (seed) => soakGatewayKills({ runs: 10, kills: 20, seed }),
}

const { values, positionals } = parseArgs({ options: { seed: { type: 'string' } }, allowPositionals: true })
const names = positionals.length === 0 ? Object.keys(SOAKS) : positionals
let failed = false
for (const name of names) {
  const soak = SOAKS[name]
  if (soak === undefined) throw new Error(`There is no soak "${name}", only ${Object.keys(SOAKS).join(' and ')}.`)
  const report = await soak(values.seed === undefined ? newSeed() : Number(values.seed))
  printReport(report)
  const found = violations(report)
  if (found.length > 0) console.error(`  FAILED: ${found.join('; ')}`)
  failed ||= found.length > 0
}
process.exitCode = failed ? 1 : 0
