/** c(): the session's settings and constants as a do-file reads them. */

import type { Dataset } from './data/dataset.ts'
import type { Value } from './expressions/values.ts'
import { currentDate, currentTime } from './output/date-format.ts'
import type { Screen } from './output/screen.ts'
import type { System } from './system.ts'
import { LANGUAGE_VERSION } from './version.ts'

/** The parts of a session that c() tells of. */
interface Readable {
  readonly data: Dataset
  readonly screen: Screen
  readonly system: System
  readonly returnCode: number
}

type Read = (session: Readable) => Value

const VALUES: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['current_date', (session) => currentDate(session.system.now())],
  ['current_time', (session) => currentTime(session.system.now())],
  ['pwd', (session) => session.system.cwd()],
  ['N', (session) => session.data.count],
  ['k', (session) => session.data.variables.length],
  ['changed', (session) => (session.data.changed ? 1 : 0)],
  ['linesize', (session) => session.screen.linesize],
  ['rc', (session) => session.returnCode],
  ['tmpdir', (session) => session.system.temporaryDirectory],
  ['mode', () => 'batch'],
  ['console', () => 'console'],
  ['os', () => OPERATING_SYSTEMS[process.platform] ?? 'Unix'],
  ['stata_version', () => LANGUAGE_VERSION],
  ['version', () => LANGUAGE_VERSION],
  ['flavor', () => 'Tailgate stand-in'],
  ['edition_real', () => 'Tailgate stand-in'],
  ['pi', () => Math.PI],
  ['dirsep', () => '/'],
  ['type', () => 'float'],
  ['level', () => 95],
  ['maxvar', () => 5000],
  ['epsdouble', () => Number.EPSILON],
  ['alpha', () => letters(97)],
  ['ALPHA', () => letters(65)],
  ['more', () => 'off'],
  ['varabbrev', () => 'on'],
])

const OPERATING_SYSTEMS: Partial<Record<NodeJS.Platform, string>> = { darwin: 'MacOSX', win32: 'Windows' }

function letters(first: number): string {
  return Array.from({ length: 26 }, (_, index) => String.fromCharCode(first + index)).join(' ')
}

/** Undefined if there is no such value. */
export function creturn(name: string, session: Readable): Value | undefined {
  return VALUES.get(name)?.(session)
}
