import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { createWorkspace } from '../harness/workspace.ts'

/** A researcher finds a do-file, looks at it, says how to run it, and starts it. */

describeInBrowser('starting a run', (open) => {
  test('by walking the allowed directories, with arguments, directory and time limit', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('wage/main.do', '* The wage equation\ndisplay "<`1\'> <`2\'>"\npwd\n')
    await workspace.file('wage/notes.txt', 'not for Stata')
    await workspace.file('out/keep.txt', '')
    const { url } = await workspace.start()
    await using dashboard = await open(`${url}/start`)
    const { page } = dashboard
    await page.getByText('No do-file chosen').waitFor()
    await page.getByRole('row', { name: 'wage' }).click()
    await page.getByRole('row', { name: 'main.do' }).click()
    await page.getByRole('region', { name: 'The chosen do-file' }).getByText('* The wage equation').waitFor()
    expect(await page.getByRole('textbox', { name: 'Do-file' }).inputValue()).toBe(`${workspace.root}/wage/main.do`)
    await page.getByRole('textbox', { name: 'Working directory' }).fill('out')
    await page.getByRole('spinbutton', { name: 'Time limit' }).fill('1.5')
    await page.getByRole('button', { name: 'Add an argument' }).click()
    await page.keyboard.type('two words')
    await page.getByRole('button', { name: 'Add an argument' }).click()
    await page.keyboard.type('x')
    await page.getByRole('button', { name: 'Start main.do' }).click()
    await page.getByRole('heading', { name: 'main.do' }).waitFor()
    await page.getByText('<two words> <x>').waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
    const [run] = (await createTailgateClient({ url }).runs.list()).runs
    expect(run).toMatchObject({ args: ['two words', 'x'], workingDir: `${workspace.root}/out`, timeoutMs: 90_000 })
  })

  test('by typing its path, and what the gateway refuses is told beside the button', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('good.do', 'display 1\n')
    const { url } = await workspace.start()
    await using dashboard = await open(`${url}/start`, { requestsMayFail: true })
    const { page } = dashboard
    const file = page.getByRole('textbox', { name: 'Do-file' })
    await file.fill('/etc/hostname')
    await page.getByRole('button', { name: 'Start hostname' }).click()
    const refusal = page.getByRole('alert')
    await refusal.getByText('Nothing was started').waitFor()
    await refusal.getByText(/not under an allowed root/).waitFor()
    await file.fill('good.do')
    await page.getByRole('button', { name: 'Start good.do' }).click()
    await page.getByRole('heading', { name: 'good.do' }).waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
  })

  test('from the recent do-files, and again with other arguments from a run', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('a.do', 'display "<`1\'>"\n')
    const { url } = await workspace.start()
    const { runs } = createTailgateClient({ url })
    await (await runs.start({ file: 'a.do', args: ['old'] })).result()
    await using dashboard = await open(`${url}/start`)
    const { page } = dashboard
    await page.getByRole('region', { name: 'Recent' }).getByRole('button', { name: /a\.do/ }).click()
    await page.getByRole('button', { name: 'Start a.do' }).click()
    await page.getByText('<>').waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
    await page
      .getByRole('link', { name: /old/ })
      .or(page.getByRole('link', { name: 'Runs' }))
      .first()
      .click()
    await page.getByRole('link', { name: /a\.do ?old/ }).click()
    await page.getByRole('link', { name: 'Edit and run' }).click()
    await page.getByRole('textbox', { name: 'Argument 1' }).fill('new')
    await page.getByRole('button', { name: 'Start a.do' }).click()
    await page.getByText('<new>').waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
  })

  test('pressing twice starts once', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('once.do', 'display 1\n')
    const { url } = await workspace.start()
    await using dashboard = await open(`${url}/start?file=once.do`)
    const { page } = dashboard
    await page.getByRole('button', { name: 'Start once.do' }).dblclick()
    await page.getByRole('heading', { name: 'once.do' }).waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
    expect((await createTailgateClient({ url }).runs.list()).runs).toHaveLength(1)
  })

  test('with nothing but the keyboard', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('sub/deep.do', 'display "by keyboard"\n')
    const { url } = await workspace.start()
    await using dashboard = await open(url)
    const { page } = dashboard
    await page.getByText('Nothing has run yet').waitFor()
    await page.keyboard.press('s')
    await page.getByRole('row', { name: 'sub' }).waitFor()
    const tabTo = async (name: RegExp) => {
      for (let i = 0; i < 40; i += 1) {
        await page.keyboard.press('Tab')
        const focused = await page.evaluate(() => {
          const { activeElement: element } = document
          return element?.getAttribute('aria-label') ?? element?.textContent ?? ''
        })
        if (name.test(focused)) return
      }
      throw new Error(`Tab never came to ${name}`)
    }
    await tabTo(/^sub/)
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: 'deep.do' }).waitFor()
    await page.getByRole('row', { name: 'deep.do' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: 'The chosen do-file' }).getByText('by keyboard').waitFor()
    await tabTo(/^Start deep\.do/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'deep.do' }).waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
  })
})
