import type { Page } from 'playwright-core'
import type { Lab } from './lab.ts'

/** One picture: a page of the dashboard, and what is done there before it is taken. */
export type Shot = {
  readonly name: string
  readonly address: string
  readonly viewport?: { readonly width: number; readonly height: number }
  prepare(page: Page): Promise<void>
}

const SMALL = { width: 960, height: 480 }
const PHONE = { width: 390, height: 844 }

const runsAreThere = async (page: Page) => {
  await page.getByText('600 of 1,000 replications').waitFor()
  await page.getByText('Stata 18.5 MP').waitFor({ state: 'attached' })
}
const logIsThere = (page: Page) =>
  page
    .getByRole('row')
    .filter({ hasText: /end of do-file|^r\(\d+\);/ })
    .last()
    .waitFor()
const logIsFollowed = (page: Page) => page.getByRole('row').filter({ hasText: '600' }).last().waitFor()

/** Pages of a gateway that has been in use for a while. */
export function shotsOfLab({ eventStudy, failedCox, bootstrap }: Lab['runs']): readonly Shot[] {
  return [
    // What is going on comes first: its time runs.
    { name: 'runs', address: '/', prepare: runsAreThere },
    { name: 'running', address: `/run/${bootstrap}`, prepare: logIsFollowed },
    {
      name: 'plots',
      address: `/run/${bootstrap}?show=plots`,
      prepare: (page) => page.getByRole('heading', { name: 'Runs of this do-file' }).waitFor(),
    },
    { name: 'phone-runs', address: '/', viewport: PHONE, prepare: runsAreThere },
    { name: 'phone-running', address: `/run/${bootstrap}`, viewport: PHONE, prepare: logIsFollowed },
    {
      name: 'failed',
      address: `/run/${failedCox}`,
      prepare: async (page) => {
        await page.getByRole('link', { name: /^Go to line/ }).click()
        await page.getByText('Stopped here:').waitFor()
      },
    },
    {
      name: 'log',
      address: `/run/${eventStudy}?show=log#L78-L84`,
      prepare: async (page) => {
        await page.getByRole('button', { name: 'Outline of commands' }).click()
        await page.getByRole('button', { name: /areg ln_emp/ }).waitFor()
        await page.keyboard.press('/')
        await page.keyboard.type('event')
        await page.getByText(/of \d+ lines/).waitFor()
      },
    },
    {
      name: 'files',
      address: `/run/${eventStudy}?show=files`,
      prepare: async (page) => {
        await logIsThere(page)
        await page.waitForFunction(() => [...document.images].every((image) => image.complete))
      },
    },
    {
      name: 'start',
      address: '/start',
      prepare: async (page) => {
        await page.getByText('minimum-wage', { exact: true }).first().dblclick()
        await page.getByRole('row', { name: /02_event_study\.do/ }).click()
        await page.getByText('Event time, from').waitFor()
      },
    },
    {
      name: 'shortcuts',
      address: `/run/${eventStudy}`,
      prepare: async (page) => {
        await logIsThere(page)
        await page.keyboard.press('?')
        await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
      },
    },
    {
      name: 'phone-failed',
      address: `/run/${failedCox}`,
      viewport: PHONE,
      prepare: (page) => page.getByRole('link', { name: /^Go to line/ }).click(),
    },
  ]
}

/** The first page of a gateway that has neither Stata nor runs. */
export const firstPage: Shot = {
  name: 'first-page',
  address: '/',
  viewport: SMALL,
  prepare: (page) => page.getByText('Nothing has run yet').waitFor(),
}

/** What a gateway shows that wants to know who one is. */
export const signIn: Shot = {
  name: 'sign-in',
  address: '/',
  viewport: SMALL,
  prepare: (page) => page.getByRole('heading', { name: 'Sign in' }).waitFor(),
}
