/**
 * Writes Server-Sent Events (WHATWG HTML, 9.2.5). The only place that knows how text becomes `data:` fields, so that
 * no log line can end a field, a block or the stream: CR and LF start a new field, NUL becomes U+FFFD.
 */

/** One block of the stream; without `data` it moves the reader's last event id and fires nothing. */
export type SseBlock = {
  /** Event name; default `message`. */
  readonly event?: string
  /** Must hold no NUL, CR or LF. */
  readonly id?: string
  /** Each becomes at least one `data:` field. */
  readonly data?: readonly string[]
}

const LINE_BREAK = /\r\n|\r|\n/
const UNSAFE = /[\0\r\n]/

export function sseBlock({ event, id, data = [] }: SseBlock): string {
  let block = ''
  if (event !== undefined) block += `event: ${event}\n`
  if (id !== undefined) block += `id: ${id}\n`
  for (const text of data) block += dataFields(text)
  return `${block}\n`
}

/** A comment: bytes on the wire that no reader takes for an event. */
export function sseComment(text: string): string {
  return `: ${text}\n\n`
}

function dataFields(text: string): string {
  if (!UNSAFE.test(text)) return `data: ${text}\n`
  return text
    .replaceAll('\0', '\uFFFD')
    .split(LINE_BREAK)
    .map((piece) => `data: ${piece}\n`)
    .join('')
}
