import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createTailgateClient, TailgateError } from './index.ts'
import { startHttpGateway } from './testing/http-gateway.ts'

const PACKAGE = join(import.meta.dirname, '..')
const IMPORT = /^import .* from '@tailgate\/client'$/m

const examples = (await readdir(join(PACKAGE, 'examples'))).map((name) => join(PACKAGE, 'examples', name))

test('the README shows the examples, which are type-checked, and no other code', async () => {
  const readme = await readFile(join(PACKAGE, 'README.md'), 'utf8')
  const shown = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code)
  const kept = await Promise.all(examples.map((path) => readFile(path, 'utf8')))
  expect(shown.toSorted()).toEqual(kept.toSorted())
})

test.each(examples)('%s runs as it stands', async (path) => {
  const source = await readFile(path, 'utf8')
  expect(source).toMatch(IMPORT)
  expect(await runExample(source.replace(IMPORT, ''))).toContain('Iteration 1')
})

/** Runs an example against a gateway whose runs print three lines and succeed; returns what the example printed. */
async function runExample(code: string): Promise<string> {
  const http = await startHttpGateway()
  const { gateway } = http
  const [start, list] = [gateway.start.bind(gateway), gateway.list.bind(gateway)]
  gateway.start = (request) => {
    const run = start(request)
    run.lines('Starting test...')
    run.lines('Iteration 1', 'Iteration 2')
    run.end()
    return run
  }
  // The runs that are listed as running end a moment later.
  const running = start({ file: '/p/main.do' })
  running.lines('Iteration 1')
  gateway.list = (request) => {
    const page = list(request)
    running.end()
    return page
  }
  const said: string[] = []
  const here: typeof createTailgateClient = (options) => createTailgateClient({ ...options, url: http.url })
  const log = (...words: unknown[]) => said.push(words.join(' '))
  try {
    const example = new Function('createTailgateClient', 'TailgateError', 'console', `return (async () => {${code}})()`)
    await example(here, TailgateError, { log })
  } finally {
    await http.close()
  }
  return said.join('\n')
}
