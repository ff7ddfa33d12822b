import { expect, test } from 'vitest'
import { soakGatewayKills } from '../soak/gateway-kills.ts'
import { newSeed, printReport, violations } from '../soak/report.ts'

test('a gateway that is killed three times while three runs write loses nothing and starts nothing twice', {
  timeout: 120_000,
}, async () => {
  const report = await soakGatewayKills({ runs: 3, kills: 3, seed: newSeed() })
  printReport(report)
  expect(violations(report)).toEqual([])
})
