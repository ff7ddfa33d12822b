import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { isEnded, runPageSchema } from '@tailgate/shared'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasChromium, launchChromium } from '../harness/browser.ts'
import type { GatewayProcess } from '../harness/gateway-process.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'

/**
 * Pages of other sites in the browser of the gateway's own user, whom the gateway trusts without a token. Whatever they
 * make the browser send, nothing may start and nothing may be read.
 */

/** Resolves to this name in the test's Chromium only; its address is ours, as after DNS rebinding. */
const REBOUND = 'rebound.example'

/** Runs in the page: tries everything a page can send to an address; says what it got to see. */
async function attack(target: string): Promise<readonly string[]> {
  const start = `${target}/run_file?file_path=a.do`
  const seen: string[] = []
  const attempt = async (name: string, tried: () => Promise<unknown>) => {
    const result = await tried().catch(() => 'refused')
    if (result !== 'refused' && result !== 'nothing') seen.push(`${name}: ${String(result)}`)
  }
  const loaded = (element: HTMLElement, set: (element: HTMLElement) => void) =>
    new Promise((resolve) => {
      element.onload = () => resolve('loaded')
      element.onerror = () => resolve('refused')
      set(element)
      document.body.append(element)
    })
  const json = { 'Content-Type': 'application/json' }
  const body = JSON.stringify({ file: 'a.do' })
  const read = async (response: Response) => (response.type === 'opaque' ? 'refused' : await response.text())
  await Promise.all([
    attempt('fetch', () => fetch(`${target}/runs`).then(read)),
    attempt('fetch without CORS', () => fetch(start, { mode: 'no-cors' }).then(read)),
    attempt('fetch with credentials', () => fetch(`${target}/runs`, { credentials: 'include' }).then(read)),
    attempt('post', () => fetch(`${target}/runs`, { method: 'POST', body, headers: json }).then(read)),
    attempt('post as text', () => fetch(`${target}/runs`, { method: 'POST', body, mode: 'no-cors' }).then(read)),
    attempt('post to /run_file', () =>
      fetch(`${target}/run_file`, { method: 'POST', body, mode: 'no-cors' }).then(read),
    ),
    attempt('tRPC', () => fetch(`${target}/trpc/runs.start`, { method: 'POST', body, mode: 'no-cors' }).then(read)),
    attempt('delete', () => fetch(`${target}/runs/x`, { method: 'DELETE' }).then(read)),
    attempt('head', () => fetch(start, { method: 'HEAD', mode: 'no-cors' }).then(read)),
    attempt('beacon', async () => (navigator.sendBeacon(`${target}/runs`, body) ? 'nothing' : 'refused')),
    attempt(
      'EventSource',
      () =>
        new Promise((resolve) => {
          const source = new globalThis.EventSource(start)
          source.onmessage = ({ data }) => resolve(data)
          source.onerror = () => resolve('refused')
        }),
    ),
    attempt('image', () => loaded(document.createElement('img'), (image) => image.setAttribute('src', start))),
    attempt('script', () => loaded(document.createElement('script'), (script) => script.setAttribute('src', start))),
    attempt('stylesheet', () =>
      loaded(document.createElement('link'), (link) => {
        link.setAttribute('rel', 'stylesheet')
        link.setAttribute('href', start)
      }),
    ),
    attempt('prefetch', () =>
      loaded(document.createElement('link'), (link) => {
        link.setAttribute('rel', 'prefetch')
        link.setAttribute('href', start)
      }),
    ),
    attempt(
      'WebSocket',
      () =>
        new Promise((resolve) => {
          const socket = new globalThis.WebSocket(`${start.replace('http', 'ws')}`)
          socket.onopen = () => resolve('opened')
          socket.onerror = () => resolve('refused')
        }),
    ),
    attempt('form', () => {
      const form = document.createElement('form')
      const [frame, field] = [document.createElement('iframe'), document.createElement('input')]
      frame.name = 'target'
      // A text/plain form whose body happens to be JSON.
      Object.assign(form, { method: 'POST', enctype: 'text/plain', action: `${target}/runs`, target: 'target' })
      Object.assign(field, { name: '{"file":"a.do","runKey":"', value: '"}' })
      form.append(field)
      document.body.append(frame, form)
      form.submit()
      return new Promise((resolve) => frame.addEventListener('load', () => resolve('refused')))
    }),
  ])
  return seen
}

describe.runIf(hasChromium())('a page of another site', () => {
  let workspace: Workspace
  let gateway: GatewayProcess
  let evil: Server
  let evilPort: number
  let browser: Browser
  beforeAll(async () => {
    workspace = await createWorkspace()
    await workspace.file('a.do', 'display "it ran"\n')
    gateway = await workspace.start()
    evil = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html')
      response.end('<!doctype html><title>evil</title><body>')
    }).listen(0, '127.0.0.1')
    await once(evil, 'listening')
    const address = evil.address()
    evilPort = typeof address === 'object' && address !== null ? address.port : 0
    browser = await launchChromium([`--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`])
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    evil.close()
    await workspace[Symbol.asyncDispose]()
  })

  const runsOf = async (url: string) => runPageSchema.parse(await (await fetch(`${url}/runs`)).json()).runs
  const runs = async () => (await runsOf(gateway.url)).map(({ id }) => id)

  async function withPage<T>(url: string, use: (page: Page) => Promise<T>, options: BrowserContextOptions = {}) {
    const page = await browser.newPage(options)
    try {
      await page.goto(url, { waitUntil: 'commit' })
      return await use(page)
    } finally {
      await page.close()
    }
  }

  test('the gateway’s own page may do what the others may not', async () => {
    const started = await withPage(`${gateway.url}/login`, (page) =>
      page.evaluate(async () => {
        const response = await fetch('/runs', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ file: 'a.do' }),
        })
        return response.status
      }),
    )
    expect([started, (await runs()).length]).toEqual([201, 1])
  })

  test.each([
    ['another site', () => `http://localhost:${evilPort}`],
    ['another port of the same host', () => `http://127.0.0.1:${evilPort}`],
    ['a name that now points here', () => `http://${REBOUND}:${evilPort}`],
  ])('of %s starts nothing and reads nothing, whatever it sends', { timeout: 60_000 }, async (_what, origin) => {
    const before = await runs()
    const seen = await withPage(origin(), (page) => page.evaluate(attack, gateway.url))
    expect(seen).toEqual([])
    expect(await runs()).toEqual(before)
  })

  test('of an origin that the admin allowed may call', { timeout: 60_000 }, async () => {
    await using other = await createWorkspace()
    await other.file('a.do', 'display "it ran"\n')
    const origin = `http://localhost:${evilPort}`
    const { url } = await other.start({ args: ['--allow-origin', origin] })
    const seen = await withPage(origin, (page) => page.evaluate(attack, url))
    const names = seen.map((what) => what.replace(/:.*/s, ''))
    expect(names).toEqual(expect.arrayContaining(['fetch', 'post', 'EventSource']))
    const ended = async () => (await runsOf(url)).every(({ state }) => isEnded(state))
    await expect.poll(ended, { timeout: 30_000 }).toBe(true)
  })

  test('under a name that was re-pointed at this machine gets nothing from the gateway’s own port', async () => {
    const before = await runs()
    const rebound = gateway.url.replace('127.0.0.1', REBOUND)
    // The page itself came from the attacker, before the name was re-pointed: it brought no policy of ours.
    const seen = await withPage(
      rebound,
      // To the browser these are requests of one and the same origin.
      (page) =>
        page.evaluate(async () => {
          const read = await fetch('/runs')
          const start = await fetch('/run_file?file_path=a.do')
          return [read.status, await read.text(), start.status, await start.text()]
        }),
      { bypassCSP: true },
    )
    expect([seen[0], seen[2]]).toEqual([403, 403])
    expect(String(seen[1]) + String(seen[3])).not.toContain('a.do"')
    expect(await runs()).toEqual(before)
  })

  test('cannot make a visitor start anything by a link, a window or a frame', async () => {
    const before = await runs()
    const start = `${gateway.url}/run_file?file_path=a.do`
    await withPage(`http://localhost:${evilPort}`, async (page) => {
      const opened = page.context().waitForEvent('page')
      await page.evaluate((address) => {
        window.open(address)
      }, start)
      const popup = await opened
      await popup.waitForLoadState('domcontentloaded').catch(() => undefined)
      expect(await popup.textContent('body')).toMatch(/"code":"forbidden"/)
      await popup.close()
      await page.evaluate((address) => {
        const frame = document.createElement('iframe')
        frame.src = address
        document.body.append(frame)
      }, `${gateway.url}/`)
      // Nor is the dashboard shown inside a page of somebody else.
      await expect.poll(() => page.frames().map((frame) => frame.url())).toContain('chrome-error://chromewebdata/')
      await page.goto(start)
    })
    expect(await runs()).toEqual(before)
  })
})
