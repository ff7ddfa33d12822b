import { readFileSync } from 'node:fs'
import {
  errorCodeSchema,
  eventSchema,
  HTTP_STATUS,
  healthSchema,
  outcomeReasonSchema,
  outcomeSchema,
  runSchema,
  runStateSchema,
} from '@tailgate/shared'
import express, { type Express } from 'express'
import { beforeAll, expect, test } from 'vitest'
import * as z from 'zod'
import { mountDashboard } from './dashboard/dashboard-pages.ts'
import { createHttpApp } from './http-app.ts'
import { Heartbeats } from './sse/heartbeats.ts'
import { FakeRunService } from './testing/fake-run-service.ts'
import { fakeDependencies, startGateway } from './testing/start-gateway.ts'
import { appRouter } from './trpc/app-router.ts'

/** PROTOCOL.md says of addresses, parameters, procedures and names what the code says. */

const protocol = readFileSync(new URL('../../../PROTOCOL.md', import.meta.url), 'utf8')

const openApiSchema = z.object({
  openapi: z.literal('3.1.0'),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ parameters: z.array(z.object({ name: z.string(), in: z.enum(['path', 'query']) })) }),
    ),
  ),
})

type Parameters = ReadonlyMap<string, readonly string[]>

/** The query parameters of each address, such as `GET /runs`, as `GET /openapi.json` has them. */
let served: Parameters
beforeAll(async () => {
  await using gateway = await startGateway()
  const { paths } = openApiSchema.parse(await (await fetch(`${gateway.url}/openapi.json`)).json())
  served = new Map(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters }]) => [
        `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
        parameters.filter((one) => one.in === 'query').map(({ name }) => name),
      ]),
    ),
  )
})

function section(title: string): string {
  return protocol.split(/^## /m).find((part) => part.startsWith(title)) ?? ''
}

/** The same as PROTOCOL.md has them, in the first column of its tables. */
function documented(): Parameters {
  const cells = section('3. HTTP')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.replaceAll('\\|', '/').split('|')[1] ?? '')
  return new Map(
    cells.flatMap((cell) =>
      [...cell.matchAll(/`((?:GET|POST|DELETE) \/[^`?]*)(?:\?([^`]*))?`/g)].map(([, at = '', query = '']) => [
        at,
        query === '' ? [] : query.split('&').map((part) => part.split('=')[0] ?? ''),
      ]),
    ),
  )
}

test('every address is described, and none that is not there', () => {
  expect([...documented().keys()].toSorted()).toEqual([...served.keys()].toSorted())
})

test('every address that is mounted is described, but the pages of the dashboard', () => {
  const app = createHttpApp({
    keepConnection: () => {},
    ...fakeDependencies(new FakeRunService()),
    closing: new AbortController().signal,
    heartbeatMs: 60_000,
    heartbeats: new Heartbeats(60_000),
    stalledViewerMs: 60_000,
  })
  const dashboard = express()
  mountDashboard(dashboard, '/nonexistent')
  const pages = mounted(dashboard).filter((path) => path !== '/login')
  const paths = [...served.keys()].map((at) => at.split(' ')[1])
  expect(new Set(paths)).toEqual(new Set(mounted(app).filter((path) => !pages.includes(path))))
})

function mounted({ router }: Express): string[] {
  return router.stack.flatMap(({ route }) => (route === undefined ? [] : [route.path].flat()))
}

test('every address that is described answers', async () => {
  await using gateway = await startGateway()
  for (const at of served.keys()) {
    const [method = '', path = ''] = at.split(' ')
    const response = await fetch(gateway.url + path, { method })
    expect([at, response.status === 405, await response.text()]).toEqual([
      at,
      false,
      expect.not.stringContaining('There is nothing at'),
    ])
  }
})

test('every query parameter is named, and none that is not known', () => {
  for (const [at, names] of documented()) {
    if (at === 'GET /run_file' || at === 'GET /run_file/stream') continue
    expect([at, names.toSorted()]).toEqual([at, served.get(at)?.toSorted()])
  }
  const runFile = /^\| `GET \/run_file\?.*$/m.exec(protocol)?.[0]
  for (const name of served.get('GET /run_file') ?? []) {
    // Told with the stream.
    if (name !== 'lastEventId') expect(runFile).toContain(`\`${name}`)
  }
})

test('every procedure is named, and none that is not there', () => {
  const named = [...section('4. tRPC').matchAll(/`((?:runs|files|engine)\.\w+)`/g)].map(([, name]) => name)
  expect([...new Set(named)].toSorted()).toEqual(Object.keys(appRouter._def.procedures).toSorted())
})

const names: readonly (readonly [string, readonly string[], string])[] = [
  ['event', eventSchema.options.map((option) => option.shape.type.value), '2. Events'],
  ['field of a run', Object.keys(runSchema.shape), '2. Events'],
  ['field of an outcome', Object.keys(outcomeSchema.shape), '2. Events'],
  ['state', runStateSchema.options, '2. Events'],
  ['reason', outcomeReasonSchema.options, '2. Events'],
  ['field of /health', Object.keys(healthSchema.shape), '3. HTTP'],
  ['error code', errorCodeSchema.options.filter((code) => HTTP_STATUS[code] !== 500 || code === 'internal'), '3. HTTP'],
]

test.each(names)('every %s is named', (_, all, where) => {
  const text = section(where)
  expect(all.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([])
})
