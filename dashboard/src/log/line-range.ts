/** Lines that somebody points at: one, or several in a row. They stand in the address as `#L120` or `#L120-L140`. */
export type LineRange = { readonly first: number; readonly last: number }

const HASH = /^#L([1-9]\d{0,14})(?:-L?([1-9]\d{0,14}))?$/

/** The lines that an address points at; null when it points at none. */
export function parseLineHash(hash: string): LineRange | null {
  const match = HASH.exec(hash)
  if (match === null) return null
  const one = Number(match[1])
  const other = match[2] === undefined ? one : Number(match[2])
  return rangeBetween(one, other)
}

export function formatLineHash({ first, last }: LineRange): string {
  return first === last ? `#L${first}` : `#L${first}-L${last}`
}

/** The lines between two, both included, whichever comes first. */
export function rangeBetween(one: number, other: number): LineRange {
  return { first: Math.min(one, other), last: Math.max(one, other) }
}

export function isInRange(range: LineRange | null, line: number): boolean {
  return range !== null && line >= range.first && line <= range.last
}

/** What somebody typed to go to: `120`, `1,200,000`, `#L120-L140`, `120-140`; null when it is no line. */
export function parseGoTo(text: string): LineRange | null {
  const plain = text.trim().replaceAll(/[\s,._']/g, '')
  return parseLineHash(plain.startsWith('#') ? plain : `#L${plain.replace(/^L/i, '')}`)
}
