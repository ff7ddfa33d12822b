import type { ListRuns } from '@tailgate/client'
import { parseStateGroup, STATE_GROUPS } from './run-states.ts'

export const RUNS_PAGE_SIZE = 50

/** What to ask the gateway for an address such as `/?state=failed&q=wage&before=…`. */
export function listRequest(params: URLSearchParams): ListRuns {
  const { states } = STATE_GROUPS[parseStateGroup(params.get('state'))]
  const text = params.get('q')?.trim() ?? ''
  const file = params.get('file')
  const cursor = params.get('before')
  return {
    limit: RUNS_PAGE_SIZE,
    ...(states === null ? {} : { state: [...states] }),
    ...(text === '' ? {} : { q: text }),
    ...(file === null ? {} : { file }),
    ...(cursor === null ? {} : { cursor }),
  }
}
