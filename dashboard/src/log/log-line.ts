import type { LineKind } from '@tailgate/client'

/** A line as the viewer keeps it: of a very long one, the beginning. The gateway's pages have it in this form. */
export type LogLine = {
  /** 1-based. */
  readonly number: number
  readonly text: string
  readonly kind: LineKind
  /** Characters of the whole line when `text` is only its beginning. */
  readonly chars?: number | undefined
  /** The line goes on in the next one: the gateway cut it. */
  readonly cut?: true | undefined
}

/** Of a line, at most so many characters are kept and shown: Stata's own lines have no more than 255. */
export const MAX_SHOWN_CHARS = 4_000

/** A line of an event, which has it whole. */
export function lineOfEvent(number: number, text: string, kind: LineKind, cut: boolean): LogLine {
  const more = cut ? ({ cut: true } as const) : {}
  if (text.length <= MAX_SHOWN_CHARS) return { number, text, kind, ...more }
  return { number, text: ownCopy(text.slice(0, MAX_SHOWN_CHARS)), kind, chars: text.length, ...more }
}

/** A string that does not keep alive the long one it was cut from, as engines do it to save copying. */
function ownCopy(text: string): string {
  const copy: unknown = JSON.parse(JSON.stringify(text))
  return typeof copy === 'string' ? copy : text
}
