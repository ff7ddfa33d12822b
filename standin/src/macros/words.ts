/** Text cut into words as Stata cuts macro contents and command arguments: at blanks, quoted words whole. Pure. */

/** The words with their outer quotes removed. A quote that never closes ends with the text. */
export function splitWords(text: string): string[] {
  const words: string[] = []
  let i = 0
  while (i < text.length) {
    const char = text.charAt(i)
    if (char === ' ' || char === '\t') {
      i++
    } else if (char === '"' || (char === '`' && text.charAt(i + 1) === '"')) {
      const { inner, end } = quotedAt(text, i)
      words.push(inner)
      i = end
    } else {
      const start = i
      while (i < text.length && !' \t"'.includes(text.charAt(i))) i++
      words.push(text.slice(start, i))
    }
  }
  return words
}

/** The text without quotes around all of it; as it is if it is not one quoted string. */
export function unquote(text: string): string {
  const trimmed = text.trim()
  if (!trimmed.startsWith('"') && !trimmed.startsWith('`"')) return trimmed
  const { inner, end } = quotedAt(trimmed, 0)
  return end === trimmed.length ? inner : trimmed
}

function quotedAt(text: string, at: number): { inner: string; end: number } {
  if (text.charAt(at) === '"') {
    const close = text.indexOf('"', at + 1)
    return close === -1
      ? { inner: text.slice(at + 1), end: text.length }
      : { inner: text.slice(at + 1, close), end: close + 1 }
  }
  let depth = 0
  for (let i = at; i < text.length; i++) {
    const pair = text.slice(i, i + 2)
    if (pair === '`"') {
      depth++
      i++
    } else if (pair === `"'`) {
      depth--
      i++
      if (depth === 0) return { inner: text.slice(at + 2, i - 1), end: i + 1 }
    }
  }
  return { inner: text.slice(at + 2), end: text.length }
}
