import { createTailgateClient } from '@tailgate/client'
import type { Page } from 'playwright-core'
import { scriptedEngine } from '../scripted-engine/scripted-engine.ts'
import type { Workspace } from './workspace.ts'

/** The log on the page of a run, as its reader finds things there. */

export const row = (page: Page, text: string | RegExp) =>
  page.getByRole('table', { name: 'Log lines' }).getByRole('row', { name: text })
export const lineNumber = (page: Page, line: number) => page.getByRole('link', { name: String(line), exact: true })
/** The lines that the address points at. */
export const pointed = (page: Page) => new URL(page.url()).hash
/** Numbers of the rows that can be seen whole. */
export const seenRows = (page: Page) =>
  page.getByRole('table', { name: 'Log lines' }).evaluate((table) => {
    const { top, bottom } = table.getBoundingClientRect()
    return [...table.querySelectorAll('[role=row]')]
      .filter((row) => row.getBoundingClientRect().top >= top - 1 && row.getBoundingClientRect().bottom <= bottom + 1)
      .map((row) => Number(row.getAttribute('aria-rowindex')))
  })

/** Starts a do-file with the scripted engine, unless `ended` waits for its end as well, and gives the page's address. */
export async function runDoFile(
  workspace: Workspace,
  doFile: string,
  { ended = true } = {},
): Promise<{ address: string; url: string }> {
  await workspace.file('main.do', doFile)
  const { url } = await workspace.start({ stata: await scriptedEngine(workspace.root) })
  const started = await createTailgateClient({ url }).runs.start({ file: 'main.do' })
  if (ended) await started.result()
  return { url, address: `${url}/run/${started.id}?show=log` }
}
