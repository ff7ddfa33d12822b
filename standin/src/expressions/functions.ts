/** The table of functions that expressions may call; add a family file and spread it here. */
import { dateFunctions } from './date-functions.ts'
import type { FunctionEntry } from './function-entry.ts'
import { mathFunctions } from './math-functions.ts'
import { randomFunctions } from './random-functions.ts'
import { stringFunctions } from './string-functions.ts'

export const FUNCTIONS: ReadonlyMap<string, FunctionEntry> = new Map([
  ...mathFunctions,
  ...randomFunctions,
  ...stringFunctions,
  ...dateFunctions,
])
