/** The log's first lines. They say what this engine is, always: nobody may take its log for Stata's. */
import { LANGUAGE_VERSION, STANDIN_VERSION } from './version.ts'

export function bannerLines(isQuiet: boolean): string[] {
  if (isQuiet) return ['', '', `(Tailgate stand-in engine ${STANDIN_VERSION}, not Stata, runs this do-file)`]
  return [
    '',
    `Tailgate stand-in engine ${STANDIN_VERSION}`,
    'This is not Stata. It interprets a part of the do-file language so that Tailgate',
    'can be tried where no Stata is installed. Install Stata for real work.',
    '',
    'Notes:',
    '      1. The stand-in is running in batch mode.',
    `      2. Wording and layout follow Stata ${LANGUAGE_VERSION}.`,
    '      3. A command that it does not know ends the do-file with r(199).',
    '',
  ]
}
