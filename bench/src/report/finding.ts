import { median, type Samples } from './samples.ts'

/** What was measured, and what was hoped for. */
export type Finding = {
  /** Such as `burst of 100,000 lines to 20 viewers, SSE: × websocketd + tail`. */
  readonly what: string
  readonly samples: Samples
  readonly unit: string
  readonly goal: Goal | null
}

export type Goal = { readonly type: 'at-least' | 'at-most'; readonly value: number }

/** What the findings were made from, for who wants to look closer. */
export type Series = { readonly what: string; readonly samples: Samples; readonly unit: string }

export type Findings = { readonly findings: readonly Finding[]; readonly series: readonly Series[] }

export const atLeast = (value: number): Goal => ({ type: 'at-least', value })
export const atMost = (value: number): Goal => ({ type: 'at-most', value })

export function isMet({ samples, goal }: Finding): boolean | null {
  if (goal === null) return null
  const value = median(samples)
  return goal.type === 'at-least' ? value >= goal.value : value <= goal.value
}
