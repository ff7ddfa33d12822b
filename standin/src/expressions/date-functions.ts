/** Calendar functions; a date is the number of days since 1 January 1960. */
import { dayNumber } from '../output/date-format.ts'
import { general, type NamedFunction, numberAt, numeric } from './function-entry.ts'
import { MISSING } from './values.ts'

const MS_PER_DAY = 86_400_000
const utc = (day: number): Date => new Date(Date.UTC(1960, 0, 1) + Math.floor(day) * MS_PER_DAY)

export const dateFunctions: readonly NamedFunction[] = [
  general('mdy', 3, 3, (operands) => {
    const [month, day, year] = [numberAt(operands, 0), numberAt(operands, 1), numberAt(operands, 2)]
    return dayNumber(year, month, day) ?? MISSING
  }),
  numeric('year', (day) => utc(day).getUTCFullYear()),
  numeric('month', (day) => utc(day).getUTCMonth() + 1),
  numeric('day', (day) => utc(day).getUTCDate()),
]
