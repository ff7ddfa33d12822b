import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** A researcher looks over the runs: what goes on, what went wrong, what was last week. */

const HANG = '* engine: print working\n* engine: hang\n'

describeInBrowser('the list of runs', (open) => {
  test('is empty at first, and says what to do', async () => {
    await using workspace = await createWorkspace()
    const { url } = await workspace.start()
    await using dashboard = await open(url)
    const { page } = dashboard
    await page.getByText('Nothing has run yet').waitFor()
    await page.getByRole('main').getByRole('link', { name: 'Start a run' }).click()
    await page.getByRole('heading', { name: 'Start a run' }).waitFor()
    expect(new URL(page.url()).pathname).toBe('/start')
  })

  test('shows runs as they come and go, with their outcome, without a reload', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('failing.do', 'generate y = bad_var\n')
    await workspace.file('good.do', 'display "fine"\n')
    const { url } = await workspace.start()
    const { runs } = createTailgateClient({ url })
    await using dashboard = await open(url)
    const { page } = dashboard
    await page.getByText('Nothing has run yet').waitFor()
    await runs.start({ file: 'failing.do' })
    const failed = page.getByRole('row', { name: /failing\.do/ })
    await failed.getByText('Failed').waitFor()
    await failed.getByText('r(111)').waitFor()
    await failed.getByText('bad_var not found').waitFor()
    await runs.start({ file: 'good.do', args: ['two words'] })
    const good = page.getByRole('row', { name: /good\.do/ })
    await good.getByText('Succeeded').waitFor()
    await good.getByText('two words').waitFor()
  })

  test('is filtered by state and by text, and the address keeps both', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('wage.do', 'display 1\n')
    await workspace.file('broken.do', 'generate y = bad_var\n')
    const { url } = await workspace.start()
    const { runs } = createTailgateClient({ url })
    for (const file of ['wage.do', 'broken.do']) await (await runs.start({ file })).result()
    await using dashboard = await open(url)
    const { page } = dashboard
    const rows = page.getByRole('row', { name: /\.do/ })
    await expect.poll(() => rows.count()).toBe(2)
    await page.getByRole('radio', { name: 'Failed' }).check({ force: true })
    await expect.poll(() => rows.count()).toBe(1)
    await rows.getByText('broken.do').waitFor()
    await page.getByRole('radio', { name: 'All' }).check({ force: true })
    await page.getByRole('searchbox', { name: 'Search the runs' }).fill('BAD_VAR')
    await expect.poll(() => rows.count()).toBe(1)
    await expect.poll(() => new URL(page.url()).search).toBe('?q=BAD_VAR')
    await page.reload()
    await expect.poll(() => rows.count()).toBe(1)
    await page.getByRole('searchbox', { name: 'Search the runs' }).fill('no such thing')
    await page.getByText('No run is like that').waitFor()
    await page.getByRole('link', { name: 'Show all runs' }).click()
    await expect.poll(() => rows.count()).toBe(2)
  })

  test('shows who waits at which place, and a waiting run can be cancelled', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('long.do', HANG)
    const stata = await scriptedEngine(workspace.root)
    const { url } = await workspace.start({ stata, args: ['--max-running', '1'] })
    const { runs } = createTailgateClient({ url })
    const [first] = [
      await runs.start({ file: 'long.do', args: ['1'] }),
      await runs.start({ file: 'long.do', args: ['2'] }),
    ]
    await runs.start({ file: 'long.do', args: ['3'] })
    await using dashboard = await open(url)
    const { page } = dashboard
    const row = (arg: string) => page.getByRole('row', { name: new RegExp(`long\\.do ?${arg}`) })
    await row('2').getByText('Number 1 in the queue').waitFor()
    await row('3').getByText('Number 2 in the queue').waitFor()
    await row('2').hover()
    await row('2').getByRole('button', { name: 'Cancel long.do' }).click()
    await row('2').getByText('Cancelled').waitFor()
    await row('3').getByText('Number 1 in the queue').waitFor()
    expect(await page.title()).toBe('2 active · Runs · Tailgate')
    await runs.cancel(first.id)
    await row('3').getByText('Running').waitFor()
    for (const { id } of (await runs.list({ state: ['running', 'queued'] })).runs) await runs.cancel(id)
    await expect.poll(async () => (await runs.list({ state: ['running', 'cancelling'] })).runs.length).toBe(0)
  })

  test('runs one again with the same arguments, and shows it', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('args.do', 'display "<`1\'>"\n')
    const { url } = await workspace.start()
    const { runs } = createTailgateClient({ url })
    await (await runs.start({ file: 'args.do', args: ['2024'], timeoutMs: 60_000 })).result()
    await using dashboard = await open(url)
    const { page } = dashboard
    await page.getByRole('row', { name: /args\.do/ }).hover()
    await page.getByRole('button', { name: 'Run args.do again' }).click()
    await page.getByRole('heading', { name: 'args.do' }).waitFor()
    await page.getByText('<2024>').waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
    const again = (await runs.list()).runs
    expect(again.map(({ args, timeoutMs }) => ({ args, timeoutMs }))).toEqual([
      { args: ['2024'], timeoutMs: 60_000 },
      { args: ['2024'], timeoutMs: 60_000 },
    ])
  })

  test('deletes a run after asking, and only then', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('old.do', 'display 1\n')
    const { url } = await workspace.start()
    const { runs } = createTailgateClient({ url })
    await (await runs.start({ file: 'old.do' })).result()
    await using dashboard = await open(url)
    const { page } = dashboard
    const remove = page.getByRole('button', { name: 'Delete the run of old.do' })
    await page.getByRole('row', { name: /old\.do/ }).hover()
    await remove.click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Keep it' }).click()
    expect((await runs.list()).runs).toHaveLength(1)
    await page.getByRole('row', { name: /old\.do/ }).hover()
    await remove.click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete the run' }).click()
    await page.getByText('Nothing has run yet').waitFor()
    expect((await runs.list()).runs).toEqual([])
  })

  test('says when the gateway is away, keeps what it knows, and comes back by itself', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('a.do', 'display 1\n')
    const first = await workspace.start()
    const { runs } = createTailgateClient({ url: first.url })
    await (await runs.start({ file: 'a.do' })).result()
    await using dashboard = await open(first.url, { requestsMayFail: true })
    const { page } = dashboard
    await page.getByRole('row', { name: /a\.do/ }).waitFor()
    await first.stop()
    await page.getByText('The gateway does not answer.').waitFor()
    await page.getByRole('row', { name: /a\.do/ }).waitFor()
    await workspace.start({ args: ['--port', new URL(first.url).port] })
    await page.getByText('The gateway does not answer.').waitFor({ state: 'detached' })
  })
})
