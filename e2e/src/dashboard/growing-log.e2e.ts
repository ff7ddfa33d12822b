import { join } from 'node:path'
import { createTailgateClient } from '@tailgate/client'
import { expect, test } from 'vitest'
import { describeInBrowser } from '../harness/describe-in-browser.ts'
import { existing } from '../harness/existing.ts'
import { row, runDoFile, seenRows } from '../harness/log-page.ts'
import { createWorkspace } from '../harness/workspace.ts'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'

/** Logs that grow while they are read, and logs whose lines are not what one would wish for. */

describeInBrowser('a log', (open) => {
  test('grows under the eyes of its reader, and lets go when the reader looks elsewhere', async () => {
    await using workspace = await createWorkspace()
    const goOn = join(workspace.root, 'go-on')
    const doFile = `* engine: burst 500\n* engine: touch ${workspace.root}/here\n* engine: wait-for ${goOn}\n* engine: burst 250\n* engine: print the end\n`
    const { address } = await runDoFile(workspace, doFile, { ended: false })
    await existing(join(workspace.root, 'here'))
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, 'line 500').waitFor()
    await row(page, 'line 500').hover()
    await page.mouse.wheel(0, -1_000)
    await page.getByRole('button', { name: 'Follow' }).waitFor()
    const before = await seenRows(page)
    await workspace.file('go-on', '')
    await page.getByRole('button', { name: /^\d+ new lines$/ }).waitFor()
    expect(await seenRows(page)).toEqual(before)
    await page.getByRole('button', { name: /new lines$/ }).click()
    await row(page, 'the end').waitFor()
  })

  test('shows each line once, in its place, though the page is reloaded and the gateway killed and started again', async () => {
    await using workspace = await createWorkspace()
    const goOn = join(workspace.root, 'go-on')
    await workspace.file(
      'main.do',
      `* engine: print first\n* engine: touch ${workspace.root}/here\n* engine: wait-for ${goOn}\n* engine: print second\n* engine: print third\n`,
    )
    const stata = await scriptedEngine(workspace.root)
    const gateway = await workspace.start({ stata })
    const { id } = await createTailgateClient({ url: gateway.url }).runs.start({ file: 'main.do' })
    await existing(join(workspace.root, 'here'))
    await using dashboard = await open(`${gateway.url}/run/${id}?show=log`, { requestsMayFail: true })
    const { page } = dashboard
    await row(page, 'first').waitFor()
    await page.reload()
    await row(page, 'first').waitFor()
    await gateway.stop('SIGKILL')
    await workspace.file('go-on', '')
    await workspace.start({ stata, args: ['--port', new URL(gateway.url).port] })
    await row(page, 'third').waitFor()
    await page.getByText('Succeeded', { exact: true }).waitFor()
    const shown = await page.getByRole('cell').allTextContents()
    const log = await page.evaluate(async (id) => await (await fetch(`/runs/${id}/log`)).text(), id)
    expect(shown).toEqual(log.trimEnd().split('\n'))
  })

  test('full of markup, control characters, foreign directions and a line of a megabyte is shown as text', async () => {
    await using workspace = await createWorkspace()
    const hex = (text: string) => Buffer.from(text).toString('hex')
    const lines = [
      '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>',
      '\u001b[31mred\u001b[0m \u0000 \u0007 \u202eevil\u2066',
      'مرحبا بالعالم שלום',
      `${'x'.repeat(1_000_000)}y`,
      'after all that',
    ]
    const { address } = await runDoFile(
      workspace,
      lines.map((line) => `* engine: bytes ${hex(`${line}\n`)}\n`).join(''),
    )
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, 'after all that').waitFor()
    await row(page, /<script>document\.title="owned"<\/script>/).waitFor()
    await row(page, /␛\[31mred␛\[0m ␀ ␇ <202E>evil<2066>/).waitFor()
    await row(page, /مرحبا بالعالم שלום/).waitFor()
    expect(await page.title()).not.toContain('owned')
    const heights = await page
      .getByRole('row')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height))
    expect(new Set(heights)).toEqual(new Set([20]))
    await page.keyboard.press('w')
    await page.keyboard.press('G')
    await row(page, 'after all that').waitFor()
    await page.getByRole('button', { name: /more characters$/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1,000,001 characters').waitFor()
    expect((await dialog.textContent())?.endsWith('xy')).toBe(true)
  })

  test('wraps long lines, and each can still be reached', async () => {
    await using workspace = await createWorkspace()
    const long = Array.from({ length: 120 }, (_, i) => `* engine: print ${`word${i} `.repeat(80)}\n`).join('')
    const { address } = await runDoFile(workspace, long)
    await using dashboard = await open(address)
    const { page } = dashboard
    await row(page, /word119/).waitFor()
    await page.keyboard.press('w')
    await row(page, /word119/).waitFor()
    expect((await row(page, /word119/).boundingBox())?.height).toBeGreaterThan(40)
    await page.keyboard.press('g')
    await row(page, /word0 /).waitFor()
    await row(page, /word0 /).hover()
    const count = Number(await page.getByRole('table', { name: 'Log lines' }).getAttribute('aria-rowcount'))
    const seen = new Set<number>()
    for (let turn = 0; turn < 200 && !seen.has(count); turn += 1) {
      for (const line of await seenRows(page)) seen.add(line)
      await page.mouse.wheel(0, 300)
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    }
    expect([...seen].sort((one, other) => one - other)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
  })
})
