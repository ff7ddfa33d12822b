import { readFileSync } from 'node:fs'
import express, { type Express } from 'express'
import { expect, test } from 'vitest'
import { mountDashboard } from './dashboard/dashboard-pages.ts'
import { createHttpApp } from './http-app.ts'
import { FakeRunService } from './testing/fake-run-service.ts'
import { fakeDependencies } from './testing/start-gateway.ts'
import { appRouter } from './trpc/app-router.ts'

const PROTOCOL = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8')

function addresses({ router }: Express): string[] {
  return router.stack.flatMap(({ route }) => (route === undefined ? [] : [route.path].flat()))
}

test('PROTOCOL.md has every address but the pages of the dashboard, and no other', () => {
  const app = createHttpApp({
    ...fakeDependencies(new FakeRunService()),
    closing: new AbortController().signal,
    heartbeatMs: 60_000,
    stalledViewerMs: 60_000,
  })
  const dashboard = express()
  mountDashboard(dashboard, '/nonexistent')
  const pages = addresses(dashboard).filter((address) => address !== '/login')
  const table = PROTOCOL.slice(PROTOCOL.indexOf('## 3. HTTP'), PROTOCOL.indexOf('Refused before'))
  const told = [...table.matchAll(/`(?:GET|POST|DELETE) (\/[^`?\s]*)/g)].map(([, address]) => address)
  expect(new Set(told)).toEqual(new Set(addresses(app).filter((address) => !pages.includes(address))))
})

test('PROTOCOL.md has every procedure that there is, and no other', () => {
  const section = PROTOCOL.slice(PROTOCOL.indexOf('## 4. tRPC'), PROTOCOL.indexOf('## 5.'))
  const told = [...section.matchAll(/`((?:runs|files|engine)\.\w+)`/g)].map(([, name]) => name)
  expect(new Set(told)).toEqual(new Set(Object.keys(appRouter._def.procedures)))
})
