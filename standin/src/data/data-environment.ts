/** What expressions see of a session: variables at the current observation, scalars, stored results and settings. */

import type { Environment } from '../expressions/environment.ts'
import { MISSING, type Value } from '../expressions/values.ts'
import type { RandomNumbers } from '../random-numbers.ts'
import { notFound } from '../stata-error.ts'
import type { Dataset } from './dataset.ts'
import { isStringType } from './storage.ts'

/** The parts of a session that expressions read. */
interface Readable {
  readonly data: Dataset
  readonly scalars: ReadonlyMap<string, Value>
  readonly results: ReadonlyMap<string, Value>
  readonly estimates: ReadonlyMap<string, Value>
  readonly random: RandomNumbers
  readonly returnCode: number
}

export class DataEnvironment implements Environment {
  readonly #session: Readable
  readonly #setting: (name: string) => Value | undefined
  /** 0-based; outside a command over the data it stays 0, so a variable means its first value, as in Stata. */
  index = 0

  /** `setting` reads c(name). */
  constructor(session: Readable, setting: (name: string) => Value | undefined) {
    this.#session = session
    this.#setting = setting
  }

  get observation(): number {
    return this.index + 1
  }

  get observations(): number {
    return this.#session.data.count
  }

  get returnCode(): number {
    return this.#session.returnCode
  }

  lookup(name: string): Value | undefined {
    const { data } = this.#session
    const variable = data.exact(name) ?? (this.#session.scalars.has(name) ? undefined : data.find(name))
    if (variable) return variable.values[this.index] ?? (isStringType(variable.type) ? '' : MISSING)
    return this.#session.scalars.get(name)
  }

  element(name: string, index: number): Value {
    const variable = this.#session.data.find(name)
    if (!variable) throw notFound(name)
    return variable.values[Math.trunc(index) - 1] ?? (isStringType(variable.type) ? '' : MISSING)
  }

  stored(family: 'r' | 'e' | 'c', name: string): Value {
    switch (family) {
      case 'r':
        return this.#session.results.get(name) ?? MISSING
      case 'e':
        return this.#session.estimates.get(name) ?? MISSING
      case 'c':
        return this.#setting(name) ?? MISSING
    }
  }

  scalar(name: string): Value | undefined {
    return this.#session.scalars.get(name)
  }

  random(): number {
    return this.#session.random.next()
  }
}
