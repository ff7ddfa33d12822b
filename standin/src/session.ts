/**
 * Everything one run of the interpreter remembers: data, macros, scalars, programs, results, settings, and where output goes.
 *
 * Visibility is how `quietly`, `noisily` and `capture` nest: `all` shows everything, `errors` only errors, `none` nothing.
 */

import { creturn } from './creturn.ts'
import { DataEnvironment } from './data/data-environment.ts'
import { Dataset } from './data/dataset.ts'
import type { Value } from './expressions/values.ts'
import { paragraph } from './output/paragraph.ts'
import type { Screen } from './output/screen.ts'
import { RandomNumbers } from './random-numbers.ts'
import type { ProgramNode } from './source/blocks.ts'
import type { LineFile, System } from './system.ts'

export type Visibility = 'all' | 'errors' | 'none'

export interface OpenLog {
  readonly name: string
  readonly path: string
  readonly file: LineFile
  readonly sink: (line: string) => void
}

export interface Program {
  readonly node: ProgramNode
  readonly isRClass: boolean
}

export class Session {
  readonly screen: Screen
  readonly system: System
  data: Dataset = new Dataset()
  /** What `preserve` keeps for `restore`. */
  preserved: Dataset | undefined
  readonly globals = new Map<string, string>()
  readonly scalars = new Map<string, Value>()
  readonly programs = new Map<string, Program>()
  /** r() */
  results = new Map<string, Value>()
  /** What `return` has set in the rclass program that is running; undefined outside one. */
  returns: Map<string, Value> | undefined
  /** e() */
  readonly estimates = new Map<string, Value>()
  readonly logs = new Map<string, OpenLog>()
  readonly random = new RandomNumbers()
  readonly timers = new Map<number, Timer>()
  visibility: Visibility = 'all'
  /** _rc */
  returnCode = 0
  temporaryCount = 0
  /** What expressions see. */
  readonly environment = new DataEnvironment(this, (name) => creturn(name, this))

  constructor(screen: Screen, system: System) {
    this.screen = screen
    this.system = system
  }

  print(text: string): void {
    if (this.visibility === 'all') this.screen.write(text)
  }

  printLine(text: string): void {
    this.print(`${text}\n`)
  }

  /** Shown also under `quietly`. */
  printError(text: string): void {
    if (this.visibility !== 'none') this.screen.write(text)
  }

  /** A message wrapped as Stata wraps its own. */
  printParagraph(text: string): void {
    for (const line of paragraph(text, this.screen.linesize)) this.printLine(line)
  }

  withVisibility<T>(visibility: Visibility, action: () => T): T {
    const before = this.visibility
    this.visibility = visibility
    try {
      return action()
    } finally {
      this.visibility = before
    }
  }
}

export interface Timer {
  readonly startedAt: number | undefined
  readonly totalMs: number
  readonly count: number
}
