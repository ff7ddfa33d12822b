/** Storage types of variables: their names, ranges, default formats, and what storing does to a value. Pure. */
import { MISSING, type Value } from '../expressions/values.ts'

type NumericType = 'byte' | 'int' | 'long' | 'float' | 'double'
/** `str1` … `str2045`, written as in Stata. */
export type StringType = `str${number}`
export type StorageType = NumericType | StringType

const MAX_STRING_WIDTH = 2045

const RANGES: Readonly<Record<'byte' | 'int' | 'long', readonly [low: number, high: number]>> = {
  byte: [-127, 100],
  int: [-32_767, 32_740],
  long: [-2_147_483_647, 2_147_483_620],
}

const FORMATS: Readonly<Record<NumericType, string>> = {
  byte: '%8.0g',
  int: '%8.0g',
  long: '%12.0g',
  float: '%9.0g',
  double: '%10.0g',
}

const MAX_FLOAT = 1.70141173319e38

export function isStringType(type: StorageType): type is StringType {
  return type.startsWith('str')
}

/** The type written as a word before a variable's name; undefined if it is no type. */
export function storageType(word: string): StorageType | undefined {
  if (word === 'byte' || word === 'int' || word === 'long' || word === 'float' || word === 'double') return word
  const width = /^str(\d{1,4})$/.exec(word)?.[1]
  return width !== undefined && Number(width) >= 1 && Number(width) <= MAX_STRING_WIDTH
    ? `str${Number(width)}`
    : undefined
}

export function defaultFormat(type: StorageType): string {
  return isStringType(type) ? `%${Math.max(9, stringWidth(type))}s` : FORMATS[type]
}

function stringWidth(type: StringType): number {
  return Number(type.slice(3))
}

/** The string type that holds the text. */
export function typeForText(text: string): StringType {
  return `str${Math.min(MAX_STRING_WIDTH, Math.max(1, Buffer.byteLength(text)))}`
}

/** The value as it comes back out of that storage: rounded to float, cut to the string's width, out of range missing. */
export function store(type: StorageType, value: Value): Value {
  if (typeof value === 'string') return value
  if (value >= MISSING || isStringType(type)) return value
  switch (type) {
    case 'double':
      return value
    case 'float':
      return Math.abs(value) > MAX_FLOAT ? MISSING : Math.fround(value)
    case 'byte':
    case 'int':
    case 'long': {
      const [low, high] = RANGES[type]
      const whole = Math.trunc(value)
      return whole < low || whole > high ? MISSING : whole
    }
  }
}

/** The narrowest type, not narrower than `type`, that keeps the value: what `replace` promotes a variable to. */
export function promoted(type: StorageType, value: Value): StorageType {
  if (typeof value === 'string') {
    const needed = typeForText(value)
    return isStringType(type) && stringWidth(needed) > stringWidth(type) ? needed : type
  }
  if (value >= MISSING || type === 'float' || type === 'double' || isStringType(type)) return type
  if (!Number.isInteger(value)) return type === 'long' ? 'double' : 'float'
  for (const candidate of ['byte', 'int', 'long'] as const) {
    const [low, high] = RANGES[candidate]
    if (rank(candidate) >= rank(type) && value >= low && value <= high) return candidate
  }
  return 'double'
}

function rank(type: 'byte' | 'int' | 'long'): number {
  return type === 'byte' ? 0 : type === 'int' ? 1 : 2
}
