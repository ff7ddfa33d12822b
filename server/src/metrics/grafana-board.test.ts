import { readFileSync } from 'node:fs'
import { runStateSchema } from '@tailgate/shared'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { createGatewayMetrics } from './gateway-metrics.ts'

const boardSchema = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
})

test('every metric on the board is one that the gateway tells, and every one of its own is on the board and in the guide', async () => {
  const counts = z.record(runStateSchema, z.number())
  const metrics = createGatewayMetrics({
    runs: () => counts.parse(Object.fromEntries(runStateSchema.options.map((state) => [state, 0]))),
    queued: () => 0,
    streams: () => 0,
    tailLagBytes: async () => 0,
    searches: () => ({ running: 0, waiting: 0 }),
  })
  metrics.answered('GET', 200)
  metrics.searched(1)
  const { text } = await metrics.expose()
  const told = new Set([...text.matchAll(/^([a-z_0-9]+)[ {]/gm)].map(([, name]) => name ?? ''))
  const board = boardSchema.parse(
    JSON.parse(readFileSync(new URL('../../../docs/grafana.json', import.meta.url), 'utf8')),
  )
  const shown = new Set(
    board.panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(tailgate|nodejs|process)_[a-z_0-9]+/g) ?? []),
    ),
  )
  expect([...shown].filter((name) => !told.has(name))).toEqual([])
  const own = [...told].filter((name) => name.startsWith('tailgate_') && !/_(sum|count)$/.test(name))
  expect(own.filter((name) => !shown.has(name))).toEqual([])
  const guide = readFileSync(new URL('../../../docs/admin.md', import.meta.url), 'utf8')
  const explained = (name: string) => guide.includes(name.replace(/_bucket$/, '').replace(/_waiting$/, ''))
  expect(own.filter((name) => !explained(name))).toEqual([])
})
