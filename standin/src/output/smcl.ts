/**
 * The SMCL that `display` interprets, as plain text. Pure. A directive that is not known stays as it is written, as in Stata.
 */
const DIRECTIVE = /\{([^{}]*)\}/g

const STYLES = new Set([
  'txt',
  'text',
  'res',
  'result',
  'err',
  'error',
  'inp',
  'input',
  'cmd',
  'com',
  'bf',
  'it',
  'sf',
  'ul',
])
const RESETS = new Set(['smcl', 'reset', 'ul off', 'ul on', 'p_end', '...'])
const CHARACTERS: Readonly<Record<string, string>> = {
  '-(': '{',
  ')-': '}',
  "'g": '`',
  "g'": "'",
  'S|': '$',
  '|': '|',
  '-': '-',
  '+': '+',
  TT: '+',
  BT: '+',
  LT: '+',
  RT: '+',
  TLC: '+',
  TRC: '+',
  BLC: '+',
  BRC: '+',
}

/** `column` is where the text begins (1-based), `linesize` bounds a bare {hline}. */
export function renderSmcl(text: string, column: number, linesize: number): string {
  if (!text.includes('{')) return text
  let result = ''
  let from = 0
  for (const match of text.matchAll(DIRECTIVE)) {
    result += text.slice(from, match.index)
    const at = column + result.length
    result += directive(match[1] ?? '', at, linesize) ?? match[0]
    from = match.index + match[0].length
  }
  return result + text.slice(from)
}

const MAX_REPEAT = 10_000

function directive(body: string, column: number, linesize: number): string | undefined {
  if (STYLES.has(body) || RESETS.has(body)) return ''
  if (body === 'hline') return '-'.repeat(Math.max(0, linesize - column + 1))
  if (body === '.-') return '-'.repeat(linesize)
  const [, command = '', count, rest] = /^([a-z]+)(?: (\d+))?(?::(.*))?$/.exec(body) ?? []
  if (STYLES.has(command) && count === undefined && rest !== undefined) return rest
  const repeat = Math.min(Number(count ?? 0), MAX_REPEAT)
  if (command === 'hline' && count !== undefined) return '-'.repeat(repeat)
  if ((command === 'space' || command === 's') && count !== undefined) return ' '.repeat(repeat)
  if (command === 'col' && count !== undefined) return ' '.repeat(Math.max(0, repeat - column))
  if (command === 'dup' && rest !== undefined) return rest.repeat(repeat)
  if ((command === 'ralign' || command === 'right') && rest !== undefined) return rest.padStart(repeat)
  if (command === 'lalign' && rest !== undefined) return rest.padEnd(repeat)
  const character = /^c(?:har)? (\S+)$/.exec(body)?.[1]
  return character === undefined ? undefined : CHARACTERS[character]
}
