import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GatewayProcess } from './harness/gateway-process.ts'
import { isInstalled } from './harness/installed.ts'
import { createWorkspace, type Workspace } from './harness/workspace.ts'

/** What whoever runs a gateway sees of it, and how it starts and stops. */

const MAIN = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url))

describe('a gateway that runs', () => {
  let workspace: Workspace
  let gateway: GatewayProcess
  beforeAll(async () => {
    workspace = await createWorkspace()
    gateway = await workspace.start()
    await workspace.file('a.do', 'display "counted"\n')
  })
  afterAll(() => workspace[Symbol.asyncDispose]())

  test('tells Prometheus of runs, lines, streams and requests', async () => {
    await (await fetch(`${gateway.url}/run_file?file_path=a.do`)).text()
    const response = await fetch(`${gateway.url}/metrics`)
    const text = await response.text()
    const value = (name: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${name} `))
          ?.split(' ')[1],
      )
    expect(response.headers.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(value('tailgate_runs{state="succeeded"}')).toBe(1)
    expect(value('tailgate_log_lines_total')).toBeGreaterThan(5)
    expect(value('tailgate_log_bytes_total')).toBeGreaterThan(50)
    expect(value('tailgate_tail_lag_bytes')).toBe(0)
    expect(value('tailgate_http_requests_total{method="GET",status="200"}')).toBeGreaterThanOrEqual(1)
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
  })

  test('logs each request with its id and its run, and nothing that was asked for', async () => {
    const started = await fetch(`${gateway.url}/runs`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer not-for-the-log' },
      body: JSON.stringify({ file: 'a.do', args: ['private'] }),
    })
    // A token that is shown must be right.
    expect(started.status).toBe(401)
    const streamed = await fetch(`${gateway.url}/run_file?file_path=a.do&args=private`)
    await streamed.text()
    const entries = () =>
      gateway
        .stderr()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    await expect.poll(entries).toContainEqual(
      expect.objectContaining({
        requestId: streamed.headers.get('X-Request-Id'),
        runId: streamed.headers.get('X-Run-Id'),
        method: 'GET',
        path: '/run_file',
        status: 200,
      }),
    )
    expect(gateway.stderr()).not.toMatch(/private|not-for-the-log/)
  })

  test('ends its streams and itself when it is told to stop, with status 0', async () => {
    await workspace.file('long.do', 'sleep 600000\n')
    const stream = await fetch(`${gateway.url}/run_file?file_path=long.do`)
    const runId = stream.headers.get('X-Run-Id')
    const told = stream.text()
    expect(await gateway.stop('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(await told).toMatch(/: the gateway is closing; come back with the last id\n\n$/)
    // The run went on: the next gateway finds it, and can stop it.
    const next = await workspace.start()
    expect(await (await fetch(`${next.url}/runs/${runId}`)).json()).toMatchObject({ state: 'running' })
    await fetch(`${next.url}/runs/${runId}/cancel`, { method: 'POST' })
    expect(await (await fetch(`${next.url}/runs/${runId}/stream`)).text()).toContain('*** Execution cancelled ***')
  })
})

const SCRIPT = '/usr/bin/script'

describe.runIf(isInstalled('script', SCRIPT, 'apt-get install bsdutils'))('a first start', () => {
  async function firstLines(
    command: readonly string[],
    until: RegExp,
  ): Promise<{ text: string; stop(): Promise<void> }> {
    const [file = '', ...args] = command
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    let text = ''
    for await (const chunk of child.stdout.setEncoding('utf8')) {
      text += chunk
      if (until.test(text)) break
    }
    return {
      text,
      stop: async () => {
        if (child.exitCode !== null) return
        child.kill('SIGTERM')
        await once(child, 'exit')
      },
    }
  }

  test('on a terminal shows a token and a link that logs in once; elsewhere it shows neither', async () => {
    await using workspace = await createWorkspace()
    const serve = (dataDir: string) => [
      process.execPath,
      MAIN,
      'serve',
      '--port',
      '0',
      '--stata',
      'standin',
      '--data-dir',
      dataDir,
      '--root',
      dataDir,
    ]
    const onTerminal = [SCRIPT, '-qefc', serve(workspace.dataDir).join(' '), '/dev/null']
    await mkdir(workspace.dataDir)
    const started = await firstLines(onTerminal, /#login=\S+\s/)
    try {
      expect(started.text).toMatch(
        /A first token, for programs and other people, shown only now: tailgate_[\w-]{43}\r?\n/,
      )
      const [, url = '', code = ''] = /(http:\S+)\/#login=(\S+)/.exec(started.text) ?? []
      const login = () =>
        fetch(`${url}/login`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ code }),
        })
      expect((await login()).status).toBe(200)
      expect((await login()).status).toBe(401)
    } finally {
      await started.stop()
    }
    await using elsewhere = await createWorkspace()
    await mkdir(elsewhere.dataDir)
    const silent = await firstLines(serve(elsewhere.dataDir), /listening on \S+\s/)
    await silent.stop()
    expect(silent.text).not.toMatch(/tailgate_|login/)
  })
})
