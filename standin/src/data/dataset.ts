/** The data in memory: named columns of equal length. One dataset, as in Stata without frames. */
import { MISSING, type Value } from '../expressions/values.ts'
import { notFound, StataError } from '../stata-error.ts'
import { defaultFormat, isStringType, type StorageType } from './storage.ts'

export interface Variable {
  name: string
  type: StorageType
  format: string
  label: string
  readonly values: Value[]
}

/** Guards the machine, not the language: far above what a do-file without Stata should need. */
export const MAX_OBSERVATIONS = 20_000_000

export class Dataset {
  readonly #variables = new Map<string, Variable>()
  #count = 0
  /** The variables the observations are sorted by, as far as is known. */
  sortedBy: readonly string[] = []
  /** True since the last save, use or clear if anything changed. */
  changed = false

  /** _N */
  get count(): number {
    return this.#count
  }

  get variables(): readonly Variable[] {
    return [...this.#variables.values()]
  }

  get isEmpty(): boolean {
    return this.#variables.size === 0
  }

  /** The variable of exactly that name. */
  exact(name: string): Variable | undefined {
    return this.#variables.get(name)
  }

  /** The variable of that name, or the only one it abbreviates. */
  find(name: string): Variable | undefined {
    const exact = this.#variables.get(name)
    if (exact) return exact
    const candidates = this.variables.filter((variable) => variable.name.startsWith(name))
    if (candidates.length > 1) throw new StataError(111, `${name} ambiguous abbreviation`)
    return candidates[0]
  }

  require(name: string): Variable {
    const variable = this.find(name)
    if (!variable) throw new StataError(111, `variable ${name} not found`)
    return variable
  }

  add(name: string, type: StorageType, values?: Value[]): Variable {
    if (this.#variables.has(name)) throw new StataError(110, `variable ${name} already defined`)
    const blank: Value = isStringType(type) ? '' : MISSING
    const column = values ?? new Array<Value>(this.#count).fill(blank)
    const variable: Variable = { name, type, format: defaultFormat(type), label: '', values: column }
    this.#variables.set(name, variable)
    this.changed = true
    return variable
  }

  drop(names: readonly string[]): void {
    for (const name of names) this.#variables.delete(name)
    this.#unsortFrom(names)
    if (this.#variables.size === 0) this.#count = 0
    this.changed = true
  }

  /** The variables in a new order; the names given come first. */
  reorder(names: readonly string[]): void {
    const rest = this.variables.filter((variable) => !names.includes(variable.name))
    const first = names.map((name) => this.#variables.get(name) ?? raise(notFound(name)))
    this.#variables.clear()
    for (const variable of [...first, ...rest]) this.#variables.set(variable.name, variable)
    this.changed = true
  }

  rename(from: string, to: string): void {
    const variables = this.variables
    this.#variables.clear()
    for (const variable of variables) {
      if (variable.name === from) variable.name = to
      this.#variables.set(variable.name, variable)
    }
    this.sortedBy = this.sortedBy.map((name) => (name === from ? to : name))
    this.changed = true
  }

  /** Grows to `count` observations, the new ones missing. */
  grow(count: number): void {
    for (const { type, values } of this.#variables.values()) {
      const blank: Value = isStringType(type) ? '' : MISSING
      for (let i = values.length; i < count; i++) values.push(blank)
    }
    if (count > this.#count) this.sortedBy = []
    this.#count = count
    this.changed = true
  }

  /** Keeps the observations for which `keeps` holds (0-based) and returns how many went. */
  filter(keeps: (index: number) => boolean): number {
    const kept: number[] = []
    for (let i = 0; i < this.#count; i++) if (keeps(i)) kept.push(i)
    const removed = this.#count - kept.length
    if (removed > 0) this.permute(kept)
    return removed
  }

  /** Rearranges the observations to those at the given 0-based positions. */
  permute(positions: readonly number[]): void {
    for (const { values } of this.#variables.values()) {
      const old = values.slice()
      values.length = 0
      for (const position of positions) values.push(old[position] ?? MISSING)
    }
    this.#count = positions.length
    this.changed = true
  }

  /** Says that these variables' values or existence changed. */
  touch(names: readonly string[]): void {
    this.#unsortFrom(names)
    this.changed = true
  }

  /** A sort order holds up to the first of its variables that changed. */
  #unsortFrom(names: readonly string[]): void {
    const first = this.sortedBy.findIndex((name) => names.includes(name))
    if (first !== -1) this.sortedBy = this.sortedBy.slice(0, first)
  }

  clear(): void {
    this.sortedBy = []
    this.#variables.clear()
    this.#count = 0
    this.changed = false
  }
}

function raise(error: Error): never {
  throw error
}
