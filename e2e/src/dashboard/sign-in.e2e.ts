import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { createWorkspace, type Workspace } from '../harness/workspace.ts'

/** Where the gateway asks who one is: a token, a login link, and what those who may only watch are offered. */

const MAIN = fileURLToPath(new URL('../../../server/src/main.ts', import.meta.url))

/** A new token, by the command that makes one. */
async function newToken(workspace: Workspace, ...args: string[]): Promise<string> {
  const command = [MAIN, 'token', 'add', ...args, '--data-dir', workspace.dataDir]
  const { stdout } = await promisify(execFile)(process.execPath, command)
  return /tg_\S+|[\w-]{30,}/.exec(stdout)?.[0] ?? ''
}

describeInBrowser('signing in', (open) => {
  test('with a token: the page that was asked for comes back, and stays after a reload', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('a.do', 'display 1\n')
    const token = await newToken(workspace, 'ada')
    const { url } = await workspace.start({ args: ['--auth', 'token'] })
    const { runs } = createTailgateClient({ url, token })
    const run = await runs.start({ file: 'a.do' })
    await run.result()
    await using dashboard = await open(`${url}/run/${run.id}?show=details`, { requestsMayFail: true })
    const { page } = dashboard
    const field = page.getByRole('textbox', { name: 'Token' })
    await field.fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').waitFor()
    await field.fill(token)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'a.do' }).waitFor()
    await page.getByRole('region', { name: 'Details' }).getByText('ada').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'a.do' }).waitFor()
    await page.getByRole('button', { name: 'Sign out ada' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  })

  test('by a login link, whose code does not stay in the address', async () => {
    await using workspace = await createWorkspace()
    const token = await newToken(workspace, 'ada')
    const { url } = await workspace.start({ args: ['--auth', 'token'] })
    await using dashboard = await open('about:blank', { requestsMayFail: true })
    const { page, context } = dashboard
    const sent: unknown[] = []
    // The gateway shows its links to terminals only, so the token stands in for the code that was sent.
    await context.route('**/login', async (route) => {
      sent.push(route.request().postDataJSON())
      await route.fulfill({ response: await route.fetch({ postData: JSON.stringify({ token }) }) })
    })
    await page.goto(`${url}/?state=failed#login=one-time%20code`)
    await page.getByText('No run is like that').waitFor()
    expect(page.url()).toBe(`${url}/?state=failed`)
    expect(sent).toEqual([{ code: 'one-time code' }])
  })

  test('by a link that was used before: the login page says so', async () => {
    await using workspace = await createWorkspace()
    await newToken(workspace, 'ada')
    const { url } = await workspace.start({ args: ['--auth', 'token'] })
    await using dashboard = await open(`${url}/#login=used`, { requestsMayFail: true })
    const { page } = dashboard
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await page.getByRole('alert').waitFor()
    expect(page.url()).toBe(`${url}/`)
  })

  test('as somebody who may only watch: nothing is offered that would be refused', async () => {
    await using workspace = await createWorkspace()
    await workspace.file('a.do', 'display 1\n')
    const [watcher, runner] = [await newToken(workspace, 'bob', '--role', 'watch'), await newToken(workspace, 'ada')]
    const { url } = await workspace.start({ args: ['--auth', 'token'] })
    const run = await createTailgateClient({ url, token: runner }).runs.start({ file: 'a.do' })
    await run.result()
    await using dashboard = await open(url, { requestsMayFail: true })
    const { page } = dashboard
    await page.getByRole('textbox', { name: 'Token' }).fill(watcher)
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: /a\.do/ }).hover()
    await page.getByRole('link', { name: 'Start a run' }).waitFor({ state: 'detached' })
    expect(await page.getByRole('button', { name: /a\.do/ }).count()).toBe(0)
    await page.getByRole('link', { name: 'a.do' }).click()
    await page.getByRole('heading', { name: 'a.do' }).waitFor()
    for (const name of ['Run again', 'Delete the run']) {
      expect(await page.getByRole('button', { name }).count()).toBe(0)
    }
  })
})
