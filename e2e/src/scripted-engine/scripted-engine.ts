import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Puts the scripted engine into a directory, as one executable file that a gateway takes for a Stata
 * (`--stata PATH`), and returns its path. What it does, each do-file says: see directives.ts; unless there is a
 * recording of it: see recording.ts.
 */
export async function scriptedEngine(directory: string, recordings: string | null = null): Promise<string> {
  const file = path.join(directory, 'stata-mp')
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  const environment = recordings === null ? '' : `RECORDINGS='${quoted(recordings)}' `
  // `exec`, so that the process the gateway started is the engine itself.
  await writeFile(file, `#!/bin/sh\n${environment}exec '${quoted(process.execPath)}' '${quoted(main)}' "$@"\n`)
  await chmod(file, 0o755)
  return file
}

function quoted(text: string): string {
  return text.replaceAll("'", `'\\''`)
}
