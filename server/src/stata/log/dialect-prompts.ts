import { afterEcho, type EchoState, fills, type LineClass } from './echo-state.ts'

/** The prompts of Mata (`: `) and Python (`>>> `, `... `) blocks, and the lines that begin them. */

const SPACE = 32

/** Two lines that Stata prints below an echo are followed by a prompt at once. */
export function endsLikeBlank(state: EchoState, text: string): boolean {
  if (text.startsWith('delimiter now ')) return true
  const match = text.startsWith('---') ? /^-+ (mata|python) \(type end to exit\) -+$/.exec(text) : null
  if (match === null) return false
  state.dialect = match[1] === 'mata' ? 'mata' : 'python'
  return true
}

export function mataPrompt(state: EchoState, text: string): LineClass {
  if (text.length > 1 && text.charCodeAt(1) !== SPACE) return 'output'
  state.continues = true
  state.breaks = true
  state.commentDepth = 0
  state.opens = false
  state.displayed = ''
  const code = text.slice(2).trim()
  if (code === 'end') state.dialect = 'stata'
  return code === '' || code === 'end' ? 'prompt' : 'command'
}

export function pythonPrompt(state: EchoState, text: string): LineClass {
  if (state.dialect !== 'python') return 'output'
  // Python leaves no blank line between output and its prompts.
  const first = text.startsWith('>>>')
  if (!first && !(afterEcho(state) && text.startsWith('...'))) return 'output'
  if (text.length > 3 && text.charCodeAt(3) !== SPACE) return 'output'
  state.wide = fills(text, state.linesize - 2)
  state.continues = false
  state.breaks = true
  state.displayed = ''
  if (!first) return 'continuation'
  const code = text.slice(4).trim()
  if (code === 'end') state.dialect = 'stata'
  return code === '' || code === 'end' ? 'prompt' : 'command'
}
