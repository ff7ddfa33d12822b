/** How the scripted engine reads what it is started with: Stata's command line, and the wrapper do-file. */

/** The do-file of `-b -q do FILE`; null for a command line that Stata would not run in batch mode. */
export function doFileOf(args: readonly string[]): string | null {
  const [command, file, ...more] = args.filter((arg) => !/^[-/][a-z]$/.test(arg))
  const batch = args.some((arg) => /^[-/][be]$/.test(arg))
  return batch && command === 'do' && file !== undefined && more.length === 0 ? file : null
}

/** What a wrapper does: the directory it changes to, the do-file and its arguments. Null for any other do-file. */
export function parseWrapper(text: string): { directory: string; file: string; args: string[] } | null {
  const [cd, run] = text.split('\n')
  if (cd === undefined || run === undefined || !cd.startsWith('cd ') || !run.startsWith('do ')) return null
  const [directory] = splitWords(cd.slice('cd '.length))
  const [file, ...args] = splitWords(run.slice('do '.length))
  return directory === undefined || file === undefined ? null : { directory, file, args }
}

/** Words as Stata parts them: at blanks, except within `"…"' and "…". */
function splitWords(text: string): string[] {
  return [...text.matchAll(/`"(.*?)"'|"([^"]*)"|[^ ]+/g)].map(([word, compound, simple]) => compound ?? simple ?? word)
}
