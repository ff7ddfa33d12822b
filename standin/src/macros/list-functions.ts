/** `: list …`: set operations on the words of local macros. Pure. */
import { syntaxError } from '../stata-error.ts'
import { splitWords } from './words.ts'

type Lookup = (name: string) => string
type Operation = (left: readonly string[], right: readonly string[]) => readonly string[]

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '|': (left, right) => [...left, ...right.filter((word) => !left.includes(word))],
  '&': (left, right) => left.filter((word) => right.includes(word)),
  '-': (left, right) => left.filter((word) => !right.includes(word)),
}

export function listFunction(text: string, lookup: Lookup): string {
  const words = (name: string): string[] => splitWords(lookup(name))
  const positionOf = /^\s*posof\s+"([^"]*)"\s+in\s+(\w+)\s*$/.exec(text)
  if (positionOf) return String(words(positionOf[2] ?? '').indexOf(positionOf[1] ?? '') + 1)
  const unary = /^\s*(sizeof|uniq|sort|dups|clean)\s+(\w+)\s*$/.exec(text)
  if (unary) return unaryFunction(unary[1] ?? '', words(unary[2] ?? ''))
  const inclusion = /^\s*(\w+)\s+in\s+(\w+)\s*$/.exec(text)
  if (inclusion) {
    const [, left = '', right = ''] = inclusion
    const all = words(right)
    return words(left).every((word) => all.includes(word)) ? '1' : '0'
  }
  const binary = /^\s*(\w+)\s*([|&-])\s*(\w+)\s*$/.exec(text)
  const operation = OPERATIONS[binary?.[2] ?? '']
  if (!binary || !operation) throw syntaxError()
  return operation(words(binary[1] ?? ''), words(binary[3] ?? '')).join(' ')
}

function unaryFunction(name: string, words: readonly string[]): string {
  switch (name) {
    case 'sizeof':
      return String(words.length)
    case 'uniq':
      return [...new Set(words)].join(' ')
    case 'dups':
      return words.filter((word, index) => words.indexOf(word) !== index).join(' ')
    case 'sort':
      return [...words].sort().join(' ')
    default:
      return words.join(' ')
  }
}
