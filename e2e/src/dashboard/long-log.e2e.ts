import { createTailgateClient } from '@tailgate/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { loadFactor } from '../harness/load-factor.ts'
import { pageCost } from '../harness/main-thread.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** A log of ten million lines, and one that grows by 5,000 lines a second. */

const LINES = 10_000_000
const OPEN_MS = 1_000
const JUMP_MS = 300

/** Other work of this machine may spoil a measurement, never better it: the best of so many counts. */
const TRIES = 5

const PER_SECOND = 5_000
/** `TAILGATE_TEST_LONG=1`: the full minute. */
const SECONDS = process.env.TAILGATE_TEST_LONG === '1' ? 60 : 15
const MAX_HEAP_BYTES = 150_000_000
const MAX_TASK_MS = 100

/**
 * The least of what is measured, as it would be on a machine with nothing else to do; tried again only for as long as
 * it is too much.
 */
async function best(what: string, limitMs: number, measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < TRIES && least >= limitMs; turn += 1) {
    const before = loadFactor()
    const took = await measure()
    const load = (before + loadFactor()) / 2
    console.log(`${what}: ${took.toFixed(0)} ms, on a machine with ${load.toFixed(1)} times its load`)
    least = Math.min(least, took / load)
  }
  return least
}

/** Goes to a line and tells how long it took until its text was drawn, milliseconds. */
const jump = (page: Page, line: number) =>
  page.evaluate(async (line) => {
    const began = performance.now()
    location.hash = `#L${line}`
    const isThere = () => document.querySelector(`[aria-rowindex="${line}"] [role=cell]`)?.textContent !== ''
    do await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))
    while (document.querySelector(`[aria-rowindex="${line}"]`) === null || !isThere())
    return performance.now() - began
  }, line)

/** The last row, and how far it is from the foot of what can be seen, pixels. */
const lastRow = (page: Page) =>
  page.getByRole('table', { name: 'Log lines' }).evaluate((table) => {
    const row = [...table.querySelectorAll('[role=row]')].at(-1)
    const gap = table.getBoundingClientRect().bottom - (row?.getBoundingClientRect().bottom ?? 0)
    return {
      text: row?.querySelector('[role=cell]')?.textContent,
      line: Number(row?.getAttribute('aria-rowindex')),
      gap,
    }
  })

describeInBrowser('a log of ten million lines', (open) => {
  let workspace: Workspace
  let address: string
  let total: number
  beforeAll(async () => {
    workspace = await createWorkspace()
    await workspace.file('long.do', `* engine: burst ${LINES}\n* engine: error 111 nobody not found\n`)
    const { url } = await workspace.start({ stata: await scriptedEngine(workspace.root) })
    const run = await createTailgateClient({ url }).runs.start({ file: 'long.do' })
    total = (await run.result()).run.log.lines
    address = `${url}/run/${run.id}?show=log`
  }, 300_000)
  afterAll(() => workspace?.[Symbol.asyncDispose]())

  test('shows its end within a second of being opened', { timeout: 240_000 }, async () => {
    const took = await best('end of the log shown after opening', OPEN_MS, async () => {
      await using dashboard = await open('about:blank')
      const { page } = dashboard
      const began = performance.now()
      await page.goto(address, { waitUntil: 'commit' })
      await page.getByRole('row', { name: 'nobody not found' }).waitFor()
      return performance.now() - began
    })
    expect(took).toBeLessThan(OPEN_MS)
  })

  test('goes to any line in less than 300 ms', { timeout: 240_000 }, async () => {
    await using dashboard = await open(address)
    const { page } = dashboard
    await page.getByRole('row', { name: 'nobody not found' }).waitFor()
    let place = 0
    for (const part of [0.5, 0.01, 0.987, 0.333]) {
      // Another line each time, so that none is there already.
      const line = Math.floor(part * LINES)
      const took = await best(`jump to line ${line}`, JUMP_MS, () => jump(page, line + 5_000 * place++))
      expect(took).toBeLessThan(JUMP_MS)
    }
  })

  test('is scrolled to its very last row, by the bar, by key and by wheel', { timeout: 60_000 }, async () => {
    await using dashboard = await open(`${address}#L5000000`)
    const { page } = dashboard
    const table = page.getByRole('table', { name: 'Log lines' })
    const end = { text: expect.stringMatching(/^r\(111\);/), line: total, gap: expect.closeTo(0, 0) }
    await page.locator('[aria-rowindex="5000000"]').waitFor()
    await table.evaluate((table) => table.scrollTo({ top: table.scrollHeight }))
    await expect.poll(() => lastRow(page)).toEqual(end)
    await table.evaluate((table) => table.scrollTo({ top: 0 }))
    await page.locator('[aria-rowindex="1"]').waitFor()
    await table.press('End')
    await expect.poll(() => lastRow(page)).toEqual(end)
    await table.hover()
    await page.mouse.wheel(0, -2_500)
    await expect.poll(async () => (await lastRow(page)).line).toBeLessThan(total)
    for (let turn = 0; turn < 10; turn += 1) await page.mouse.wheel(0, 300)
    await expect.poll(() => lastRow(page)).toEqual(end)
  })

  test('is searched from end to end', { timeout: 240_000 }, async () => {
    await using dashboard = await open(address)
    const { page } = dashboard
    await page.getByRole('row', { name: 'nobody not found' }).waitFor()
    await page.keyboard.press('g')
    await page.locator('[aria-rowindex="1"]').waitFor()
    await page.keyboard.press('/')
    await page.getByRole('textbox', { name: 'Search the log' }).fill('line 9999999')
    await page.getByRole('row', { name: 'line 9999999' }).waitFor()
    const status = page.getByRole('search').getByRole('status')
    await expect.poll(() => status.textContent(), { timeout: 60_000 }).toBe('1 of 1 line')
  })
})

describeInBrowser(`a log that grows by ${PER_SECOND} lines a second`, (open) => {
  test('is followed without a long task and without hoarding memory', { timeout: 300_000 }, async () => {
    await using workspace = await createWorkspace()
    await workspace.file(
      'flood.do',
      `* engine: burst 100000\n* engine: canary ${PER_SECOND * SECONDS} 1 ${PER_SECOND}\n`,
    )
    const { url } = await workspace.start({ stata: await scriptedEngine(workspace.root) })
    const run = await createTailgateClient({ url }).runs.start({ file: 'flood.do' })
    await using dashboard = await open(`${url}/run/${run.id}?show=log`)
    const { page } = dashboard
    await page.getByRole('row').nth(5).waitFor()
    const { longestTaskMs, busyMs, heapBytes } = await pageCost(page, async () => {
      const { log } = (await run.result()).run
      await expect.poll(async () => (await lastRow(page)).line, { timeout: 30_000 }).toBe(log.lines)
    })
    console.log(
      `followed for ${SECONDS} s: longest task ${longestTaskMs.toFixed(0)} ms, ${busyMs.toFixed(0)} ms in all, heap ${(heapBytes / 1e6).toFixed(0)} MB`,
    )
    expect(longestTaskMs).toBeLessThan(MAX_TASK_MS)
    expect(heapBytes).toBeLessThan(MAX_HEAP_BYTES)
  })
})
