import { batchCommand, logName } from './command.ts'
import { editionFromAnswers } from './edition.ts'
import type { FoundEngine } from './find-engine.ts'

/**
 * Asks an engine who it is, by running a tiny do-file just as runs are run. Only a log with its answers proves that it
 * can start: an executable that exists may still lack a licence, and then says so on stdout or stderr and leaves no
 * log. Files and processes are passed in.
 */

/** A licence server may take tens of seconds to answer; one that does not answer at all must not hang the start. */
const PROBE_TIMEOUT_MS = 60_000

/** The most bytes that are kept of what the engine prints beside its log. */
export const MAX_PROBE_OUTPUT_BYTES = 8 * 1024

/** How the engine ended, and what it printed on stdout and stderr. */
export type ProbeExit = { readonly output: string } & (
  | { readonly type: 'exited'; readonly exitCode: number }
  | { readonly type: 'signalled'; readonly signal: string }
  | { readonly type: 'timed-out' }
  | { readonly type: 'not-started'; readonly why: string }
)

/** What the probe needs of the machine. */
export interface ProbeHost {
  /** Makes a directory with one file in it, and removes it with everything in it once `use` has settled. */
  withFile<T>(name: string, text: string, use: (directory: string) => Promise<T>): Promise<T>
  /** Runs a command to its end, or kills it with everything it started after the time limit. Never rejects. */
  run(command: readonly [string, ...string[]], directory: string, timeoutMs: number): Promise<ProbeExit>
  /** The text of a file, or null when it is not there. */
  read(file: string): Promise<string | null>
}

export type Probe =
  | { readonly type: 'proven'; readonly version: string; readonly edition: string | null }
  | { readonly type: 'unproven'; readonly problem: string }

const NAME = 'probe.do'
const ANSWER = 'tailgate-probe'

/** Values are asked for as macros: one that this release does not know (`edition_real` is new in 17) is then no error. */
const PROBE_DO_FILE = ['stata_version', 'edition_real', 'flavor', 'MP', 'SE']
  .map((name) => `display "${ANSWER} ${name}=\`c(${name})'"\n`)
  .join('')

/** Runs the probe do-file and reads its log. Never rejects: nothing has been proven then. */
export async function probeEngine(found: FoundEngine, host: ProbeHost): Promise<Probe> {
  try {
    return await host.withFile(NAME, PROBE_DO_FILE, async (directory) => {
      const exit = await host.run(batchCommand(found, NAME), directory, PROBE_TIMEOUT_MS)
      const log = await host.read(`${directory}/${logName(NAME)}`)
      return judgeProbe(exit, log)
    })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return { type: 'unproven', problem: `It could not be tried (${why}). Check the disk, and who may write there.` }
  }
}

/** What an exit and a log (null for none) prove. */
export function judgeProbe(exit: ProbeExit, log: string | null): Probe {
  const answers = new Map<string, string>()
  // Echoes begin with ". ", so only answers begin with the mark.
  for (const line of (log ?? '').split(/\r?\n/)) {
    const [mark, answer = ''] = line.split(' ', 2)
    const equals = answer.indexOf('=')
    if (mark === ANSWER && equals > 0) answers.set(answer.slice(0, equals), answer.slice(equals + 1).trim())
  }
  const version = answers.get('stata_version') ?? ''
  if (exit.type !== 'exited' || !/^\d/.test(version)) return { type: 'unproven', problem: problemOf(exit, log) }
  return {
    type: 'proven',
    version,
    edition: editionFromAnswers({
      editionReal: answers.get('edition_real') ?? '',
      flavor: answers.get('flavor') ?? '',
      mp: answers.get('MP') ?? '',
      se: answers.get('SE') ?? '',
    }),
  }
}

function problemOf(exit: ProbeExit, log: string | null): string {
  const words = lastLines(exit.output) || lastLines(log ?? '')
  const said = words === '' ? 'It said nothing.' : `It said: "${words}".`
  switch (exit.type) {
    case 'not-started':
      return `It could not be started: ${exit.why}. Check that the path is Stata's console executable for this machine.`
    case 'timed-out':
      return `It had not finished a do-file of five lines after ${PROBE_TIMEOUT_MS / 1000} s. ${said} A licence server that does not answer, or a Stata that was never registered, does that: start it once by hand.`
    case 'signalled':
      return `It was ended by ${exit.signal} while it ran a do-file of five lines. ${said} Start it once by hand to see why.`
    case 'exited':
      return log === null
        ? `It ended with status ${exit.exitCode} and wrote no log. ${said} Without a valid licence Stata does that: start it once by hand, as the user that runs Tailgate.`
        : `It ended with status ${exit.exitCode} without telling its version. ${said} Start it once by hand to see why.`
  }
}

/** The last lines of a text that say anything, joined; long enough for a licence message. */
function lastLines(text: string): string {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim())
  return lines
    .filter((line) => line !== '')
    .slice(-8)
    .join(' / ')
}
