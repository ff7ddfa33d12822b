/**
 * The environment of the engine: what Stata, its licence and its add-ons need, and nothing that the gateway was
 * given for itself. Do-files run with the gateway's own rights, but its secrets need not be in every log they print.
 */

/** Variables that engines get; a trailing `*` stands for any ending. */
const PASSED = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'LC_*', 'TZ', 'TMPDIR', 'TMP', 'TEMP'],
  // Stata's own: STATATMP for temporary files, S_ADO for the ado-path; its licence may sit on a server.
  ...['STATA*', 'S_ADO', 'LM_LICENSE_FILE', 'FLEXLM_*'],
  // Set by environment modules and schedulers; without them plugins fail to load or take every core.
  ...['LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'OMP_NUM_THREADS', 'MKL_NUM_THREADS'],
  // Home directories on NFS or AFS are unreadable without the ticket.
  'KRB5CCNAME',
]

/** The gateway's own settings and tokens; never passed. */
const OWN = 'TAILGATE'

/** What is wrong with an `--env-pass` name, or null. A trailing `*` stands for any ending. */
export function envNameProblem(name: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*\*?$/.test(name)) return 'must be the name of a variable, or its beginning and a *'
  if (name.startsWith(OWN) || (name.endsWith('*') && OWN.startsWith(name.slice(0, -1)))) {
    return `must not take in ${OWN}_…: those are the gateway's own`
  }
  return null
}

/** The variables of `env` that engines get; `passed` names more of them, as `--env-pass` does. */
export function engineEnv(
  env: Readonly<Record<string, string | undefined>>,
  passed: readonly string[],
): Record<string, string> {
  const patterns = [...PASSED, ...passed]
  const engine: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || name.startsWith(OWN)) continue
    if (patterns.some((pattern) => matches(name, pattern))) engine[name] = value
  }
  return engine
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
