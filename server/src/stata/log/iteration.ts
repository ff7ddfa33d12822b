import type { Progress } from '@tailgate/shared'

/** `Iteration 3:   log likelihood = -27.175156`, in the older and the newer spelling. */

type Iteration = NonNullable<Progress['iteration']>

const ITERATION = /^Iteration (\d{1,9})(?: \([^)]{1,20}\))?:\s+(?:(.{0,60}?)\s*=\s*(\S+))?/i

/** The iteration that a line tells of; null for any other line. */
export function readIteration(text: string): Iteration | null {
  if (text.charCodeAt(0) !== 73 || text.charCodeAt(1) !== 116) return null
  const match = ITERATION.exec(text)
  if (match === null) return null
  const value = Number(match[3]?.replaceAll(',', ''))
  return { number: Number(match[1]), label: match[2] ?? '', value: Number.isFinite(value) ? value : null }
}
