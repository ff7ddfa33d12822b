import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { endEventSchema, runPageSchema } from '@tailgate/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GatewayProcess } from '../harness/gateway-process.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'

/** Text that is meant to be taken for something else: for an event, a header, a line of a log. */

let workspace: Workspace
let gateway: GatewayProcess
beforeAll(async () => {
  workspace = await createWorkspace()
  gateway = await workspace.start()
})
afterAll(() => workspace[Symbol.asyncDispose]())

const FORGED = 'event: end\ndata: {"type":"end","run":{"state":"succeeded"}}\n\n'

/** What terminals and readers of lines act on. */
const CONTROL = /[\p{Cc}\u2028\u2029\u202e]/u

/** What a stream of `/run_file` may consist of, line by line. */
const FIELD = /^(data:.*|id: [\w:-]+|event: end|retry: 2000|:.*|)$/s

function expectUnforged(stream: string): void {
  const lines = stream.split('\n')
  expect(lines.filter((line) => !FIELD.test(line) || line.includes('\r') || line.includes('\0'))).toEqual([])
  expect(lines.filter((line) => line === 'event: end')).toHaveLength(1)
  const last = stream.trimEnd().split('\n\n').at(-1) ?? ''
  expect(last).toMatch(/^event: end\nid: \S+:end\ndata: /)
  const { run } = endEventSchema.parse(JSON.parse(last.replace(/^.*?\ndata: /s, '')))
  expect(run.outcome?.reason).not.toBeNull()
}

const runFile = async (body: object) =>
  await fetch(`${gateway.url}/run_file`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('a log line', () => {
  test.each([
    [
      'fields of an event',
      `display "event: end"\ndisplay "data: {}"\ndisplay "id: 1"\ndisplay ""\ndisplay "retry: 1"\n`,
    ],
    ['the closing line', 'display "*** Execution completed ***"\nexit 9\n'],
    [
      'line ends of every kind',
      'display "a" char(13) "event: end" char(13) char(10) "data: x" char(10) char(10) "id: 2"\n',
    ],
    ['control characters', 'display char(0) "event: end" char(11) char(12) char(27) "[2J" char(127) char(133)\n'],
    ['line separators of Unicode', 'display "a\u2028event: end\u2029data: x\u0085id: 3"\n'],
  ])('with %s stays a log line', async (_what, code) => {
    const name = 'lines.do'
    await workspace.file(name, code)
    const response = await runFile({ file_path: name })
    expectUnforged(await response.text())
    const again = await fetch(`${gateway.url}/runs/${response.headers.get('X-Run-Id')}/stream?format=json`)
    const events = (await again.text()).split('\n\n').filter((text) => text !== '')
    const types = events.map((event) => /^event: (\S+)/.exec(event)?.[1] ?? 'none')
    expect(types.filter((type) => type === 'end')).toHaveLength(1)
    expect(types.at(-1)).toBe('end')
    // After the retry time and the first id.
    for (const event of events.slice(2))
      expect(event).toMatch(/^event: (run|lines|partial|tick|end)\nid: \S+\ndata: \{[^\n]*\}$/)
  })
})

describe('the name of a do-file', () => {
  test.each([
    'event: end.do',
    'data: {"type":"end"}.do',
    ': comment.do',
    '*** Execution completed ***.do',
    '<img src=x onerror=alert(1)>.do',
    'a\u202egnp.do',
  ])('%j is nothing but a name', async (name) => {
    await workspace.file(name, 'display 1\n')
    const response = await runFile({ file_path: name })
    if (response.status === 200) expectUnforged(await response.text())
    else expect([name, response.status]).toEqual([name, 400])
  })

  test.each([`a\n${FORGED}.do`, 'a\r\nSet-Cookie: x=1.do', 'a\0.do', 'a\u2028event: end.do', 'a\u0085b.do'])(
    '%j is refused, in its own words but in one line',
    async (name) => {
      const response = await runFile({ file_path: name })
      const text = await response.text()
      expect([response.status, response.headers.get('Set-Cookie')]).toEqual([400, null])
      expect(text).not.toMatch(CONTROL)
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'bad-request' } })
    },
  )
})

test.each(['\n', '\r', '\0', '\u2028', `\n\n${FORGED}`])(
  'an argument or a run key with %j forges nothing',
  async (evil) => {
    await workspace.file('args.do', 'display `"`1\'"\'\n')
    for (const body of [{ args: [`a${evil}b`] }, { run_key: `a${evil}b` }]) {
      const response = await runFile({ file_path: 'args.do', ...body })
      const text = await response.text()
      if (response.status === 200) expectUnforged(text)
      else expect([response.status, text.includes('\n')]).toEqual([400, false])
    }
  },
)

/** Sends bytes as they are; gives the head of the answer. */
async function sendRaw(bytes: Buffer): Promise<string> {
  const { hostname, port } = new URL(gateway.url)
  const socket = connect(Number(port), hostname).on('error', () => undefined)
  socket.end(bytes)
  let answer = ''
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    answer += chunk
  })
  await once(socket, 'close')
  return answer.split('\r\n\r\n')[0] ?? ''
}

test('no header of an answer and no line of a log is forged by a request', async () => {
  const { host } = new URL(gateway.url)
  const evil = [
    '%0d%0aX-Injected:%201',
    '%0a{"level":60,"msg":"forged"}',
    '%1b[2J',
    '\x9b2J',
    '\xc2\x9b2J',
    '\xe2\x80\xa8x',
  ]
  const heads: string[] = []
  for (const text of evil) {
    for (const path of [`/runs/${text}`, `/run_file?file_path=${text}`, `/${text}`, `/runs?cursor=${text}`]) {
      const headers = `Host: ${host}\r\nUser-Agent: ${text}\r\nLast-Event-ID: ${text}\r\nIdempotency-Key: ${text}\r\nX-Request-Id: ${text}`
      heads.push(
        await sendRaw(Buffer.from(`GET ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`, 'latin1')),
      )
    }
  }
  for (const smuggled of [
    `GET /runs HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
    `GET /runs HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n`,
    `GET /runs HTTP/1.1\r\nHost: ${host}\r\n X-Folded: 1\r\nConnection: close\r\n\r\n`,
    `GET http://evil.example/runs HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    `GET /runs HTTP/1.1\nHost: ${host}\n\n`,
    'GET /runs HTTP/1.0\r\n\r\n',
  ]) {
    heads.push(await sendRaw(Buffer.from(smuggled, 'latin1')))
  }
  expect(heads.filter((head) => /x-injected/i.test(head) || / 5\d\d /.test(head.split('\r\n')[0] ?? ''))).toEqual([])

  const entries = gateway.stderr().trimEnd().split('\n')
  expect(entries.length).toBeGreaterThan(evil.length)
  for (const entry of entries) {
    expect(JSON.parse(entry)).not.toHaveProperty('msg', 'forged')
    expect(entry).not.toMatch(CONTROL)
  }
})

test('the audit log has one entry for each start, whatever the names', async () => {
  const { runs } = runPageSchema.parse(await (await fetch(`${gateway.url}/runs?limit=500`)).json())
  const audit = (await readFile(join(workspace.dataDir, 'audit.jsonl'), 'utf8')).trimEnd().split('\n')
  expect(audit.map((line) => JSON.parse(line).runId).sort()).toEqual(runs.map(({ id }) => id).sort())
  for (const line of audit) expect(line).not.toMatch(CONTROL)
})
