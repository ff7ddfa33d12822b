import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { runPageSchema } from '@tailgate/shared'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { curlTimed, dataLines } from './harness/sse-text.ts'
import { createWorkspace, curl, type Workspace } from './harness/workspace.ts'

const STREAMING = await readFile(new URL('../../examples/streaming.do', import.meta.url), 'utf8')

const runFile = (url: string, file: string, more = '') => `${url}/run_file?file_path=${encodeURIComponent(file)}${more}`

describe('GET /run_file with curl', () => {
  let workspace: Workspace
  let url: string
  beforeAll(async () => {
    workspace = await createWorkspace()
    url = (await workspace.start()).url
  })
  afterAll(() => workspace[Symbol.asyncDispose]())

  const runs = async () => runPageSchema.parse(JSON.parse(await curl(`${url}/runs?limit=500`))).runs

  test('shows lines as they are written, ticks between them, and the end last', { timeout: 60_000 }, async () => {
    await workspace.file('streaming.do', STREAMING)
    const asked = performance.now()
    const lines = await curlTimed(runFile(url, 'streaming.do'))
    const texts = lines.filter(({ text }) => text.startsWith('data: ')).map(({ text }) => text.slice(6))
    // On a busy machine the run may take so long that more ticks follow.
    const late = (text: string) => Number(/^Executing\.\.\. (\S+)s/.exec(text)?.[1] ?? 0) >= 10
    const story = texts.filter((text) => /^(Starting|Iteration|Test|Executing|\*\*\* )/.test(text) && !late(text))

    expect(lines[0]?.text).toBe('retry: 2000')
    expect(story).toEqual([
      'Starting execution of streaming.do...',
      'Starting test...',
      'Iteration 1',
      'Executing... 2.0s elapsed',
      'Iteration 2',
      'Executing... 4.0s elapsed',
      'Iteration 3',
      'Executing... 6.0s elapsed',
      'Iteration 4',
      'Executing... 8.0s elapsed',
      'Iteration 5',
      'Test complete!',
      '*** Execution completed ***',
    ])
    const at = (text: string) => lines.find((line) => line.text === `data: ${text}`)?.at ?? Number.NaN
    // Streaming at all, on a machine that may be busy; how fast it is, the benchmarks say.
    expect(at('Starting execution of streaming.do...') - asked).toBeLessThan(1_500)
    expect(at('Iteration 5') - at('Iteration 1')).toBeGreaterThan(7_500)
    const ticks = [2, 4, 6, 8].map((second) => at(`Executing... ${second}.0s elapsed`))
    for (const [i, tick] of ticks.entries()) expect(Math.abs(tick - (ticks[0] ?? 0) - i * 2_000)).toBeLessThan(500)
  })

  test('a failing do-file is told with its code and message, whatever the exit status', async () => {
    await workspace.file('failing.do', 'set obs 3\ngenerate y = bad_var + 1\ndisplay "never"\n')
    const lines = dataLines(await curl(runFile(url, 'failing.do')))
    expect(lines.at(-1)).toBe('*** Execution failed: r(111); bad_var not found ***')
    expect(lines).not.toContain('never')
    expect((await runs())[0]?.outcome).toMatchObject({
      reason: 'stata-error',
      rc: 111,
      message: 'bad_var not found',
      command: 'generate y = bad_var + 1',
      exitCode: 0,
    })
  })

  test.each([
    ['a path with spaces', 'my project/final version.do'],
    ['an apostrophe', "o'brien.do"],
    ['a double quote', 'the "best".do'],
    ['letters beyond ASCII', 'Ökonomie/größe_変数.do'],
  ])('%s is run', async (_what, name) => {
    await workspace.file(name, 'display "it ran"\n')
    const lines = dataLines(await curl(runFile(url, name)))
    expect(lines).toContain('it ran')
    expect(lines.at(-1)).toBe('*** Execution completed ***')
  })

  test.each([
    ['a missing file', 'nowhere.do', 404, /nowhere\.do/],
    ['a directory', 'folder', 400, /directory/],
    ['a backtick', 'a`b.do', 400, /`|backtick/],
    ['a dollar sign', 'cost$.do', 400, /\$/],
    ['a path outside the roots', '/etc/hostname', 403, /root/],
    ['a path that climbs out', '../../etc/passwd', 403, /root/],
    ['an empty path', '', 400, /file_path/],
  ])('%s is refused before anything starts', async (_what, name, status, message) => {
    for (const file of ['a`b.do', 'cost$.do', 'folder/x.do']) await workspace.file(file, 'display "it ran"\n')
    const before = await runs()
    const response = await fetch(runFile(url, name))
    const body = await response.json()
    expect(response.status).toBe(status)
    expect(body).toMatchObject({ error: { code: expect.any(String), message: expect.stringMatching(message) } })
    expect(await runs()).toEqual(before)
  })

  test('HEAD, prefetches and cross-site requests run nothing', async () => {
    await workspace.file('a.do', 'display 1\n')
    const before = await runs()
    const address = runFile(url, 'a.do')
    const head = await fetch(address, { method: 'HEAD' })
    const prefetch = await fetch(address, { headers: { 'Sec-Purpose': 'prefetch' } })
    const crossSite = await fetch(address, { headers: { 'Sec-Fetch-Site': 'cross-site' } })
    expect([head.status, prefetch.status, crossSite.status]).toEqual([405, 403, 403])
    expect(await runs()).toEqual(before)
  })

  test('arguments and the working directory reach the do-file', async () => {
    await workspace.file('args.do', 'display "<`1\'> <`2\'>"\npwd\n')
    await workspace.file('elsewhere/keep.txt', '')
    const stream = await curl(runFile(url, 'args.do', '&args=two%20words&args=x&working_dir=elsewhere'))
    expect(dataLines(stream)).toContain('<two words> <x>')
    expect(dataLines(stream)).toContain(`${workspace.root}/elsewhere`)
  })

  test('a run that takes too long is timed out', async () => {
    await workspace.file('long.do', 'sleep 600000\n')
    const lines = dataLines(await curl(runFile(url, 'long.do', '&timeout=1')))
    expect(lines.at(-1)).toBe('*** Execution timed out after 1s ***')
  })

  test('POST /run_file streams too', async () => {
    await workspace.file('a.do', 'display "posted"\n')
    const body = JSON.stringify({ file_path: 'a.do', format: 'json' })
    const stream = await curl('-X', 'POST', '-H', 'Content-Type: application/json', '-d', body, `${url}/run_file`)
    const types = [...stream.matchAll(/^event: (.*)$/gm)].map(([, type]) => type)
    expect(types[0]).toBe('run')
    expect(types.at(-1)).toBe('end')
    expect(stream).toContain('posted')
  })
})

test('the demo streams the example to the terminal and exits with 0', { timeout: 60_000 }, async () => {
  const main = new URL('../../server/src/main.ts', import.meta.url).pathname
  const { stdout } = await promisify(execFile)(process.execPath, [main, 'demo'])
  expect(stdout).toContain('Iteration 5')
  expect(stdout).toContain('*** Execution completed ***')
})
