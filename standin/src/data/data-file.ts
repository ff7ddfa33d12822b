/**
 * The stand-in's own data files: JSON after a first line that says what they are. They are not Stata's .dta format; Stata
 * refuses them, and the stand-in refuses Stata's, with r(610).
 */
import { MISSING, type Value } from '../expressions/values.ts'
import { Dataset } from './dataset.ts'
import { storageType } from './storage.ts'

const MAGIC = 'Tailgate stand-in data 1\n'

interface StoredVariable {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly label: string
  /** Missing numbers as the letter after their point: "" is `.`, "a" is `.a`. */
  readonly values: readonly (number | string)[]
}

export function writeDataFile(data: Dataset): string {
  const variables: StoredVariable[] = data.variables.map(({ name, type, format, label, values }) => ({
    name,
    type,
    format,
    label,
    values: values.map((value) => (typeof value === 'number' && value >= MISSING ? letterOf(value) : value)),
  }))
  return MAGIC + JSON.stringify({ count: data.count, sortedBy: data.sortedBy, variables })
}

/** Undefined if the text is no data file of the stand-in. */
export function readDataFile(text: string): Dataset | undefined {
  if (!text.startsWith(MAGIC)) return undefined
  const content: unknown = parseJson(text.slice(MAGIC.length))
  if (!isRecord(content) || typeof content.count !== 'number' || !Array.isArray(content.variables)) return undefined
  const data = new Dataset()
  data.grow(content.count)
  for (const variable of content.variables) {
    if (!addVariable(data, variable)) return undefined
  }
  if (Array.isArray(content.sortedBy)) data.sortedBy = content.sortedBy.map(String)
  data.changed = false
  return data
}

function addVariable(data: Dataset, stored: unknown): boolean {
  if (!isRecord(stored) || !Array.isArray(stored.values) || stored.values.length !== data.count) return false
  const { name, type, format, label } = stored
  if (typeof name !== 'string' || typeof type !== 'string') return false
  const known = storageType(type)
  if (!known || typeof format !== 'string' || typeof label !== 'string') return false
  const isText = known.startsWith('str')
  const variable = data.add(
    name,
    known,
    stored.values.map((value: unknown) => restore(value, isText)),
  )
  variable.format = format
  variable.label = label
  return true
}

function restore(value: unknown, isText: boolean): Value {
  if (isText) return String(value)
  if (typeof value === 'number') return value
  const letter = String(value)
  return letter === '' ? MISSING : MISSING * (1 + (letter.charCodeAt(0) - 96) / 4096)
}

function letterOf(value: number): string {
  const letter = Math.round((value / MISSING - 1) * 4096)
  return letter === 0 ? '' : String.fromCharCode(96 + letter)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
