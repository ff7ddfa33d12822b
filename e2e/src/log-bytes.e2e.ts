import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient, type TailgateClient, type TailgateEvent } from '@tailgate/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { GatewayProcess } from './harness/gateway-process.ts'
import { createWorkspace, type Workspace } from './harness/workspace.ts'
import { scriptedEngine } from './scripted-engine/scripted-engine.ts'

/** How bytes arrive: fast, split, unfinished, not UTF-8. */

let workspace: Workspace
let gateway: GatewayProcess
let client: TailgateClient

beforeAll(async () => {
  workspace = await createWorkspace()
  gateway = await workspace.start({ stata: await scriptedEngine(workspace.root) })
  client = createTailgateClient({ url: gateway.url })
})
afterAll(() => workspace[Symbol.asyncDispose]())

async function watch(doFile: string): Promise<{ events: TailgateEvent[]; lines: string[]; log: Buffer }> {
  await workspace.file('bytes.do', doFile)
  const run = await client.runs.start({ file: 'bytes.do' })
  const events: TailgateEvent[] = []
  for await (const event of run.events()) events.push(event)
  const lines = events.flatMap((event) => (event.type === 'lines' ? event.text : []))
  const log = await readFile(join(workspace.dataDir, 'runs', run.id, 'run.log'))
  return { events, lines, log }
}

test('a log written one flushed line at a time, as fast as that goes, arrives complete', async () => {
  const { events, lines, log } = await watch('* engine: flushed 200000\n')
  const hash = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex')
  expect(lines.filter((line) => line.startsWith('line '))).toHaveLength(200_000)
  expect(hash(`${lines.join('\n')}\n`)).toBe(hash(log))
  // Offsets and numbers leave no gap.
  let [next, number] = [0, 1]
  for (const event of events) {
    if (event.type !== 'lines') continue
    expect([event.start, event.first]).toEqual([next, number])
    next = event.next
    number += event.text.length
  }
  expect(next).toBe(log.length)
})

test('characters split across writes arrive whole', async () => {
  // "prix: 10 €" in two writes, the second in the middle of the three bytes of the euro sign.
  const { lines } = await watch('* engine: bytes 707269783a203130 20e2\n* engine: sleep 300\n* engine: bytes 82ac0a\n')
  expect(lines).toContain('prix: 10 €')
})

test('a last line without an end arrives before the end of the run', async () => {
  const { events } = await watch('* engine: partial r(601);\n* engine: exit 0\n')
  const last = events.findLast(({ type }) => type === 'lines')
  expect(last).toMatchObject({ type: 'lines', text: expect.arrayContaining(['r(601);']) })
  expect(events.at(-1)).toMatchObject({ type: 'end', run: { state: 'failed', outcome: { rc: 601 } } })
})

test('an unfinished line that stands still is told as partial, and then as the line it becomes', async () => {
  const ready = join(workspace.root, 'go-on')
  await workspace.file('partial.do', `* engine: partial .....\n* engine: wait-for ${ready}\n* engine: print done\n`)
  const run = await client.runs.start({ file: 'partial.do' })
  const types: string[] = []
  for await (const event of run.events()) {
    types.push(event.type)
    if (event.type === 'partial') {
      expect(event.text).toBe('.....')
      await workspace.file('go-on', '')
    }
    if (event.type === 'end') break
  }
  expect(types).toContain('partial')
  const page = await client.runs.lines({ runId: run.id })
  expect(page.lines.map(({ text }) => text)).toContain('.....done')
})

test('bytes that are not UTF-8 are read as Windows-1252, line by line', async () => {
  const latin1 = Buffer.from('Müller\n', 'latin1').toString('hex')
  const utf8 = Buffer.from('Müller in UTF-8\n').toString('hex')
  const { lines } = await watch(`* engine: bytes ${latin1}\n* engine: bytes ${utf8}\n`)
  expect(lines).toContain('Müller')
  expect(lines).toContain('Müller in UTF-8')
})

test('every run has a directory of its own', async () => {
  const { runs } = await client.runs.list()
  expect((await readdir(join(workspace.dataDir, 'runs'))).sort()).toEqual(runs.map(({ id }) => id).sort())
})
