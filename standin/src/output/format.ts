/**
 * Stata's %formats: parsing them and writing values with them. Pure.
 *
 * `%w.0g` shows as many digits as fit: w-2 significant digits or decimals, and scientific notation once that would keep
 * more of them. `display` uses %10.0g, macros and `return list` %18.0g; both trimmed.
 */

import { isMissing, missingName, type Value } from '../expressions/values.ts'
import { StataError, typeMismatch } from '../stata-error.ts'
import { formatDate } from './date-format.ts'
import { toExponentialEven, toFixedEven } from './rounding.ts'

interface NumberFormat {
  readonly kind: 'number'
  readonly style: 'g' | 'f' | 'e'
  readonly width: number
  readonly decimals: number
  readonly comma: boolean
  readonly zeroPad: boolean
  readonly align: 'left' | 'right'
}

interface StringFormat {
  readonly kind: 'string'
  readonly width: number
  readonly align: 'left' | 'right' | 'center'
}

interface DateFormat {
  readonly kind: 'date'
  readonly align: 'left' | 'right'
}

export type Format = NumberFormat | StringFormat | DateFormat

const NUMBER_FORMAT = /^%(-?)(0?)(\d+)\.(\d+)([gfe])(c?)$/
const STRING_FORMAT = /^%([-~]?)(\d+)s$/
const MAX_WIDTH = 244

/** Undefined if it is no %format this interpreter can write. */
export function parseFormat(text: string): Format | undefined {
  if (/^%-?td$/.test(text)) return { kind: 'date', align: text.includes('-') ? 'left' : 'right' }
  const number = NUMBER_FORMAT.exec(text)
  if (number) {
    const [, minus, zero, width, decimals, style, comma] = number
    if (style !== 'g' && style !== 'f' && style !== 'e') return undefined
    if (Number(width) > MAX_WIDTH || Number(decimals) >= Number(width)) return undefined
    return {
      kind: 'number',
      style,
      width: Number(width),
      decimals: Number(decimals),
      comma: comma === 'c',
      zeroPad: zero === '0',
      align: minus === '-' ? 'left' : 'right',
    }
  }
  const string = STRING_FORMAT.exec(text)
  if (!string || Number(string[2]) > 2045) return undefined
  const align = string[1] === '-' ? 'left' : string[1] === '~' ? 'center' : 'right'
  return { kind: 'string', width: Number(string[2]), align }
}

const parsed = new Map<string, Format>()

/** The format, or Stata's r(120). Formats are few, so each is parsed once. */
export function requireFormat(text: string): Format {
  const known = parsed.get(text)
  if (known) return known
  const format = parseFormat(text)
  if (!format) throw new StataError(120, 'invalid %format')
  parsed.set(text, format)
  return format
}

/** The value padded to the format's width. A number under a string format (or the reverse) is Stata's type mismatch. */
export function formatValue(format: Format, value: Value): string {
  if (typeof value === 'string') {
    if (format.kind !== 'string') throw typeMismatch()
    return align(value, format.width, format.align)
  }
  if (format.kind === 'string') throw typeMismatch()
  if (format.kind === 'date') return isMissing(value) ? align('.', 9, format.align) : formatDate(value)
  return align(numberText(format, value), format.width, format.align, format.zeroPad)
}

/** A number without padding, as `display` (10) and macros (18) show it. */
export function generalNumber(value: number, width: number): string {
  if (isMissing(value)) return missingName(value)
  if (Number.isInteger(value) && Math.abs(value) < 10 ** (width - 2)) return String(value === 0 ? 0 : value)
  return general(value, width)
}

function numberText(format: NumberFormat, value: number): string {
  if (isMissing(value)) return missingName(value)
  const text = unpadded(format, value)
  return format.comma ? withCommas(text) : text
}

function unpadded(format: NumberFormat, value: number): string {
  switch (format.style) {
    case 'g':
      return format.decimals > 0 ? significant(value, format) : generalNumber(value, format.width)
    case 'f':
      return toFixedEven(value, format.decimals)
    case 'e':
      return scientific(value, format.decimals)
  }
}

function general(value: number, width: number): string {
  const digits = Math.max(1, width - 2)
  const exponent = value === 0 ? 0 : exponentOf(value, digits)
  if (exponent >= digits || exponent < -5) {
    const exponentWidth = Math.abs(exponent) >= 100 ? 5 : 4
    return scientific(value, Math.max(0, width - 3 - exponentWidth))
  }
  const decimals = exponent >= 0 ? digits - 1 - exponent : digits
  return stripZeros(toFixedEven(value, decimals))
}

function significant(value: number, format: NumberFormat): string {
  const exponent = value === 0 ? 0 : exponentOf(value, format.decimals)
  if (exponent >= format.width - 1 || exponent < -5) return scientific(value, Math.max(0, format.decimals - 1))
  return stripZeros(toFixedEven(value, Math.max(0, format.decimals - 1 - exponent)))
}

/** The decimal exponent after rounding to so many digits: 9.9999999 has 1, not 0, at three digits. */
function exponentOf(value: number, digits: number): number {
  const text = toExponentialEven(value, Math.min(digits, 17) - 1)
  return Number(text.slice(text.indexOf('e') + 1))
}

/** No zero before the point: Stata's g formats write .5 and -.5. */
function stripZeros(text: string): string {
  const stripped = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  const signed = stripped === '-0' ? '0' : stripped
  return signed.replace(/^(-?)0\./, '$1.')
}

function scientific(value: number, decimals: number): string {
  const [mantissa = '', exponent = '+0'] = toExponentialEven(value, decimals).split('e')
  const sign = exponent.startsWith('-') ? '-' : '+'
  return `${mantissa}e${sign}${exponent.replace(/^[-+]/, '').padStart(2, '0')}`
}

function withCommas(text: string): string {
  const [whole = '', ...rest] = text.split('.')
  if (text.includes('e')) return text
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...rest].join('.')
}

/** An integer as Stata's messages write it: 500,000. */
export function withThousands(value: number): string {
  return withCommas(String(value))
}

function align(text: string, width: number, side: 'left' | 'right' | 'center', zeroPad = false): string {
  const length = textWidth(text)
  if (length >= width) return text
  const gap = width - length
  if (side === 'left') return text + ' '.repeat(gap)
  if (side === 'center') return ' '.repeat(gap >> 1) + text + ' '.repeat(gap - (gap >> 1))
  if (zeroPad && text.startsWith('-')) return `-${'0'.repeat(gap)}${text.slice(1)}`
  return (zeroPad ? '0' : ' ').repeat(gap) + text
}

/** Columns a text takes: characters, not UTF-16 units. */
export function textWidth(text: string): number {
  let width = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit <= 0xdbff) width--
  }
  return width
}
