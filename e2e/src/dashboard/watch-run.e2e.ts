import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** A researcher watches a run, and finds out what became of it. */

/** The smallest picture there is: one transparent pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

describeInBrowser('a run', (open) => {
  test('is told live: state, time, statement, and the line of the do-file where it is', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('slow.do', 'display "one"\nsleep 1\ndisplay "two"\nsleep 6000\ndisplay "three"\n')
    const { url } = await workspace.start()
    const run = await createTailgateClient({ url }).runs.start({ file: 'slow.do' })
    await using dashboard = await open(`${url}/run/${run.id}`)
    const { page } = dashboard
    const source = page.getByRole('region', { name: 'Lines of the do-file' })
    await page.getByRole('definition').filter({ hasText: '4 of 5' }).waitFor()
    expect(await source.locator('[aria-current=step]').textContent()).toContain('sleep 6000')
    const elapsed = page.locator('dl').getByText(/^0:\d\d$/)
    const before = await elapsed.textContent()
    await expect.poll(() => elapsed.textContent()).not.toBe(before)
    expect(await page.title()).toMatch(/slow\.do · Tailgate$/)
    const runningIcon = await page.locator('link[rel=icon]').getAttribute('href')
    await page.getByText('Succeeded', { exact: true }).waitFor()
    await page.getByText('three', { exact: true }).waitFor()
    expect(await page.title()).toBe('Succeeded slow.do · Tailgate')
    expect(await page.locator('link[rel=icon]').getAttribute('href')).not.toBe(runningIcon)
    await page.getByRole('status').getByText('slow.do: Succeeded').waitFor()
    expect(await source.locator('[aria-current=step]').count()).toBe(0)
  })

  test('that failed says on top what failed and why, one click from its line and its statement', async () => {
    await using workspace = await createWorkspace()
    const lines = Array.from({ length: 300 }, (_, i) => `display "filler ${i}"`)
    await workspace.file('failing.do', [...lines, 'generate y = bad_var + 1', ...lines, ''].join('\n'))
    const { url } = await workspace.start()
    const run = await createTailgateClient({ url }).runs.start({ file: 'failing.do' })
    const { outcome } = await run.result()
    await using dashboard = await open(`${url}/run/${run.id}`)
    const { page } = dashboard
    const why = page.getByRole('region', { name: 'Why it ended' })
    await why.getByText('r(111)').waitFor()
    await why.getByText('bad_var not found').waitFor()
    await why.getByText('. generate y = bad_var + 1').waitFor()
    await page.keyboard.press('g')
    await why.getByRole('link', { name: `Go to line ${outcome.line}` }).click()
    expect(new URL(page.url()).hash).toBe(`#L${outcome.line}`)
    await page.getByRole('region', { name: 'Log' }).getByText('. generate y = bad_var + 1').waitFor()
    expect(await page.locator('[aria-current=step]').textContent()).toContain('generate y = bad_var + 1')
    expect(await page.title()).toBe('r(111) failing.do · Tailgate')
  })

  test('shows its graphs as they are saved, in full size, and has its files to download', async () => {
    await using workspace = await createWorkspace()
    const go = join(workspace.root, 'go')
    await workspace.file('one.png', PNG)
    await workspace.file('two.png', PNG)
    await workspace.file('table.csv', 'a,b\n1,2\n')
    await workspace.file(
      'graphs.do',
      [
        '* engine: print (file one.png saved as PNG format)',
        `* engine: wait-for ${go}`,
        '* engine: print (file two.png saved as PNG format)',
        '* engine: print (file table.csv saved)',
      ].join('\n'),
    )
    const { url } = await workspace.start({ stata: await scriptedEngine(workspace.root) })
    const run = await createTailgateClient({ url }).runs.start({ file: 'graphs.do' })
    await using dashboard = await open(`${url}/run/${run.id}?show=files`)
    const { page } = dashboard
    const graphs = page.getByRole('list', { name: 'Graphs' })
    await graphs.getByRole('img', { name: 'Graph one.png' }).waitFor()
    expect(await graphs.getByRole('img').count()).toBe(1)
    await writeFile(go, '')
    await graphs.getByRole('img', { name: 'Graph two.png' }).waitFor()
    await run.result()
    await graphs.getByRole('button', { name: /one\.png/ }).click()
    const viewer = page.getByRole('dialog', { name: 'one.png' })
    const picture = viewer.getByRole('img')
    await expect
      .poll(() => picture.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth))
      .toBe(1)
    await page.keyboard.press('ArrowRight')
    await page.getByRole('dialog', { name: 'two.png' }).waitFor()
    await page.keyboard.press('Escape')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download table.csv' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('table.csv')
  })

  test('is cancelled, and says so', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('long.do', '* engine: print working\n* engine: hang\n')
    const { url } = await workspace.start({ stata: await scriptedEngine(workspace.root) })
    const run = await createTailgateClient({ url }).runs.start({ file: 'long.do' })
    await using dashboard = await open(`${url}/run/${run.id}`)
    const { page } = dashboard
    await page.getByText('working', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Cancelled', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Delete the run' }).waitFor()
  })

  test('outlives the gateway: the page comes back with every line once', async () => {
    await using workspace = await createWorkspace()
    const go = join(workspace.root, 'go')
    await workspace.file('lines.do', `* engine: burst 500\n* engine: wait-for ${go}\n* engine: burst 500\n`)
    const stata = await scriptedEngine(workspace.root)
    const first = await workspace.start({ stata })
    const run = await createTailgateClient({ url: first.url }).runs.start({ file: 'lines.do' })
    await using dashboard = await open(`${first.url}/run/${run.id}`, { requestsMayFail: true })
    const { page } = dashboard
    await page.getByText('line 500', { exact: true }).first().waitFor()
    await first.stop('SIGKILL')
    await page.getByText('Reconnecting… nothing is lost').waitFor()
    await writeFile(go, '')
    const second = await workspace.start({ stata, args: ['--port', new URL(first.url).port] })
    await page.getByText('Succeeded', { exact: true }).waitFor()
    const { record } = await createTailgateClient({ url: second.url })
      .runs.follow(run.id)
      .result()
      .then(({ run }) => ({ record: run }))
    await page
      .getByRole('definition')
      .filter({ hasText: `${record.log.lines.toLocaleString('en-US')} lines` })
      .waitFor()
  })

  test('draws how its log grew, and compares it with earlier runs of the do-file', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('again.do', 'display "a"\nsleep 2500\ndisplay "b"\n')
    const { url } = await workspace.start()
    const { runs } = createTailgateClient({ url })
    const [first, second] = [await runs.start({ file: 'again.do' }), await runs.start({ file: 'again.do' })]
    await Promise.all([first.result(), second.result()])
    await using dashboard = await open(`${url}/run/${second.id}?show=plots`)
    const { page } = dashboard
    await page
      .getByRole('figure')
      .filter({ hasText: 'Lines per second' })
      .getByText(/on average/)
      .waitFor()
    const earlier = page.getByRole('region', { name: 'Runs of this do-file' }).getByRole('link')
    await expect.poll(() => earlier.count()).toBe(2)
    await earlier.last().click()
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/run/${first.id}`)
  })

  test('that there is not is told, with a way out', async () => {
    await using workspace = await createWorkspace()
    const { url } = await workspace.start()
    await using dashboard = await open(`${url}/run/01NOBODY`, { requestsMayFail: true })
    const { page } = dashboard
    await page.getByText('This run cannot be shown').waitFor()
    await page.getByRole('link', { name: 'Show the runs' }).click()
    await page.getByText('Nothing has run yet').waitFor()
  })

  test('tells when it ends by a notification that was asked for, and by none that was not', async () => {
    await using workspace = await createWorkspace()
    const go = join(workspace.root, 'go')
    await workspace.file('long.do', `* engine: print working\n* engine: wait-for ${go}\n`)
    const { url } = await workspace.start({ stata: await scriptedEngine(workspace.root) })
    const { runs } = createTailgateClient({ url })
    const run = await runs.start({ file: 'long.do' })
    await using dashboard = await open('about:blank', { permissions: ['notifications'] })
    const { page, context } = dashboard
    // The browser has no desktop to show it on; what it was asked to show is noted.
    await context.addInitScript(() => {
      const shown: string[] = []
      class NotedNotification extends EventTarget {
        static requestPermission = async () => 'granted'
        constructor(title: string) {
          super()
          shown.push(title)
        }
        close() {}
      }
      Object.assign(window, { Notification: NotedNotification, shownNotifications: shown })
    })
    const shown = () => page.evaluate(() => Reflect.get(window, 'shownNotifications'))
    await page.goto(`${url}/run/${run.id}`)
    await page.getByText('working', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Tell me when it ends' }).click()
    await page.getByRole('button', { name: 'Do not tell me when it ends' }).waitFor()
    expect(await shown()).toEqual([])
    await writeFile(go, '')
    await expect.poll(shown).toEqual(['Succeeded: long.do'])
    const next = await runs.start({ file: 'long.do' })
    await page.goto(`${url}/run/${next.id}`)
    await page.getByText('Succeeded', { exact: true }).waitFor()
    expect(await shown()).toEqual([])
  })
})
