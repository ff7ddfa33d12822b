/** String functions. Positions are characters and 1-based, as in Stata's `u` functions. */
import { matchesWildcard } from '../data/wildcard.ts'
import { formatValue, generalNumber, requireFormat } from '../output/format.ts'
import { general, type NamedFunction, numberAt, ofString, stringAt } from './function-entry.ts'
import { fromBoolean, MISSING, type Value } from './values.ts'

const characters = (text: string): number => (isAscii(text) ? text.length : [...text].length)
const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text)

function substring(text: string, from: number, count: number): string {
  if (from >= MISSING) return ''
  const units = [...text]
  const start = from < 0 ? units.length + Math.ceil(from) : Math.floor(from) - 1
  if (start < 0 || from === 0) return ''
  return units.slice(start, count >= MISSING ? undefined : start + Math.max(0, Math.floor(count))).join('')
}

/** string(x): %9.0g without padding; string(x, fmt): the format without leading blanks. */
function toText(operands: readonly Value[]): string {
  const value = numberAt(operands, 0)
  if (operands.length === 1) return generalNumber(value, 9)
  return formatValue(requireFormat(stringAt(operands, 1)), value).trim()
}

/** real(s): missing unless all of s is a number. */
function toNumber(text: string): number {
  const trimmed = text.trim()
  return /^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(trimmed) ? Number(trimmed) : MISSING
}

function position(operands: readonly Value[]): number {
  const haystack = stringAt(operands, 0)
  const index = haystack.indexOf(stringAt(operands, 1))
  return index === -1 ? 0 : characters(haystack.slice(0, index)) + 1
}

function replaceFirst(text: string, from: string, to: string, count: number): string {
  if (from === '') return text
  if (count >= MISSING) return text.replaceAll(from, () => to)
  let result = text
  let at = 0
  for (let done = 0; done < count; done++) {
    const index = result.indexOf(from, at)
    if (index === -1) break
    result = result.slice(0, index) + to + result.slice(index + from.length)
    at = index + to.length
  }
  return result
}

/** word(s, n): the nth blank-separated word, counted from the end if n is negative. */
function word(text: string, index: number): string {
  const words = text.split(/\s+/).filter(Boolean)
  return (index < 0 ? words.at(Math.ceil(index)) : words[Math.floor(index) - 1]) ?? ''
}

const lower = (text: string): string => text.toLowerCase()
const upper = (text: string): string => text.toUpperCase()
const trim = (text: string): string => text.replace(/^ +| +$/g, '')

function named(names: readonly string[], entry: (name: string) => NamedFunction): NamedFunction[] {
  return names.map(entry)
}

export const stringFunctions: readonly NamedFunction[] = [
  ...named(['strlen', 'length', 'ustrlen', 'udstrlen'], (name) => ofString(name, characters)),
  ...named(['strupper', 'upper', 'ustrupper'], (name) => ofString(name, upper)),
  ...named(['strlower', 'lower', 'ustrlower'], (name) => ofString(name, lower)),
  ...named(['strtrim', 'trim', 'ustrtrim'], (name) => ofString(name, trim)),
  ...named(['strltrim', 'ltrim'], (name) => ofString(name, (text) => text.replace(/^ +/, ''))),
  ...named(['strrtrim', 'rtrim'], (name) => ofString(name, (text) => text.replace(/ +$/, ''))),
  ...named(['stritrim', 'itrim'], (name) => ofString(name, (text) => text.replace(/ {2,}/g, ' '))),
  ...named(['strreverse', 'reverse'], (name) => ofString(name, (text) => [...text].reverse().join(''))),
  ...named(['strproper', 'proper'], (name) =>
    ofString(name, (text) =>
      lower(text).replace(/(^|[^\p{L}])(\p{L})/gu, (_all, before, letter) => before + upper(letter)),
    ),
  ),
  ...named(['substr', 'usubstr'], (name) =>
    general(name, 3, 3, (operands) => substring(stringAt(operands, 0), numberAt(operands, 1), numberAt(operands, 2))),
  ),
  ...named(['string', 'strofreal'], (name) => general(name, 1, 2, toText)),
  ofString('real', toNumber),
  ...named(['strpos', 'index', 'ustrpos'], (name) => general(name, 2, 2, position)),
  ...named(['subinstr', 'usubinstr'], (name) =>
    general(name, 4, 4, (operands) =>
      replaceFirst(stringAt(operands, 0), stringAt(operands, 1), stringAt(operands, 2), numberAt(operands, 3)),
    ),
  ),
  general('word', 2, 2, (operands) => word(stringAt(operands, 0), numberAt(operands, 1))),
  ofString('wordcount', (text) => text.split(/\s+/).filter(Boolean).length),
  general('char', 1, 1, (operands) => String.fromCharCode(numberAt(operands, 0))),
  general('strmatch', 2, 2, (operands) => fromBoolean(matchesWildcard(stringAt(operands, 0), stringAt(operands, 1)))),
]
