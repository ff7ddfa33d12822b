import { errorBodySchema, fileListSchema, rateSchema, sourceSchema } from '@tailgate/shared'
import { expect, test } from 'vitest'
import { SAMPLE_DIRECTORY, SAMPLE_SOURCE } from '../testing/fake-files.ts'
import { startGateway } from '../testing/start-gateway.ts'

async function ask(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url)
  return { status: response.status, body: await response.json() }
}

test('GET /files lists a directory, or the roots', async () => {
  await using gateway = await startGateway()
  const roots = await ask(`${gateway.url}/files`)
  const directory = await ask(`${gateway.url}/files?path=%2Fp`)
  expect(roots.status).toBe(200)
  expect(fileListSchema.parse(directory.body)).toEqual(SAMPLE_DIRECTORY)
})

test('GET /files/content gives the text of a do-file', async () => {
  await using gateway = await startGateway()
  const { body } = await ask(`${gateway.url}/files/content?path=${encodeURIComponent(SAMPLE_SOURCE.path)}`)
  expect(sourceSchema.parse(body)).toEqual(SAMPLE_SOURCE)
})

test('what the path policy refuses is refused in its words', async () => {
  await using gateway = await startGateway()
  for (const path of ['/files?path=%2Fetc', '/files/content?path=%2Fetc%2Fpasswd']) {
    const { status, body } = await ask(gateway.url + path)
    expect(status).toBe(403)
    expect(errorBodySchema.parse(body).error).toMatchObject({ code: 'forbidden', details: { parameter: 'path' } })
  }
})

test.each([
  ['/files?path=', /path/],
  ['/files?directory=%2Fp', /directory.*Known are: path/],
  ['/files/content', /"path" is missing/],
])('%s is a bad request, and says why', async (path, message) => {
  await using gateway = await startGateway()
  const { status, body } = await ask(gateway.url + path)
  expect(status).toBe(400)
  expect(errorBodySchema.parse(body).error.message).toMatch(message)
})

test("a run's source and rate come as the schemas say, and an unknown run is not found", async () => {
  await using gateway = await startGateway()
  const { run } = gateway.runs.add()
  expect(sourceSchema.parse((await ask(`${gateway.url}/runs/${run.id}/source`)).body).path).toBe(run.file)
  expect(rateSchema.parse((await ask(`${gateway.url}/runs/${run.id}/rate`)).body).samples).not.toEqual([])
  for (const part of ['source', 'rate']) expect((await ask(`${gateway.url}/runs/nobody/${part}`)).status).toBe(404)
})
