import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWorkspace } from './harness/workspace.ts'

/** The client as another project has it once `pnpm pack:client` has made it: JavaScript and declarations alone. */

const run = promisify(execFile)
const REPOSITORY = join(import.meta.dirname, '../..')
const TSC = join(REPOSITORY, 'node_modules/typescript/bin/tsc')

type Manifest = { readonly dependencies: Readonly<Record<string, string>>; readonly publishConfig: object }

const CONSUMER = `
import { createTailgateClient, TailgateError } from '@tailgate/client'

const [url, transport] = process.argv.slice(2) as [string, 'sse' | 'trpc']
const tailgate = createTailgateClient({ url, transport })
const run = await tailgate.runs.start({ file: 'hello.do' })
let last = 0
for await (const line of run.lines()) {
  last = line.number satisfies number
  if (line.text === 'hello') console.log(line.text)
}
const { state, outcome } = await run.result()
console.log(state, outcome.reason, last > 0)
// @ts-expect-error: the name is misspelt
const refused: unknown = await tailgate.runs.start({ fle: 'hello.do' }).catch((error: unknown) => error)
console.log(refused instanceof TailgateError && refused.code)
`

let project: string
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'tailgate-packed-'))
  // The client is compiled against the declarations of what it imports.
  await run(process.execPath, [TSC, '--build', join(REPOSITORY, 'client')])
  await install('shared')
  await install('client')
  await writeFile(join(project, 'package.json'), '{ "type": "module" }')
  await writeFile(join(project, 'consumer.ts'), CONSUMER)
}, 120_000)
afterAll(() => rm(project, { recursive: true }))

/** Puts a package where npm would, with the workspace's copies of what it depends on. */
async function install(name: string): Promise<void> {
  const source = join(REPOSITORY, name)
  const target = join(project, 'node_modules/@tailgate', name)
  await run(process.execPath, [TSC, '-p', join(source, 'tsconfig.pack.json'), '--outDir', join(target, 'dist')])
  const text = await readFile(join(source, 'package.json'), 'utf8')
  const { publishConfig, ...manifest } = JSON.parse(text) as Manifest // our own, and what is missing fails below
  await writeFile(join(target, 'package.json'), JSON.stringify({ ...manifest, ...publishConfig }))
  for (const dependency of Object.keys(manifest.dependencies)) {
    if (dependency.startsWith('@tailgate/')) continue
    const link = join(target, 'node_modules', dependency)
    await mkdir(join(link, '..'), { recursive: true })
    await symlink(join(source, 'node_modules', dependency), link)
  }
}

test('its declarations check a project that uses it, with libraries checked too', async () => {
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--types',
    'node',
  ]
  const typeRoots = ['--typeRoots', join(REPOSITORY, 'node_modules/@types')]
  await run(process.execPath, [TSC, ...options, ...typeRoots, join(project, 'consumer.ts')]).catch(({ stdout }) => {
    expect.fail(stdout)
  })
}, 60_000)

test.each(['sse', 'trpc'])('it runs a do-file over %s from a project of its own', async (transport) => {
  await using workspace = await createWorkspace()
  await workspace.file('hello.do', 'display "hello"\n')
  const { url } = await workspace.start()
  const { stdout } = await run(process.execPath, [join(project, 'consumer.ts'), url, transport])
  expect(stdout.split('\n')).toEqual(['hello', 'succeeded completed true', 'bad-request', ''])
})
