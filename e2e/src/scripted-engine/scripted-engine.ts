import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Puts the scripted engine into a directory, as one executable file that a gateway takes for a Stata
 * (`--stata PATH`), and returns its path. What it does, each do-file says: see directives.ts.
 */
export async function scriptedEngine(directory: string): Promise<string> {
  const file = path.join(directory, 'stata-mp')
  const main = fileURLToPath(new URL('./main.ts', import.meta.url))
  // `exec`, so that the process the gateway started is the engine itself.
  await writeFile(file, `#!/bin/sh\nexec '${quoted(process.execPath)}' '${quoted(main)}' "$@"\n`)
  await chmod(file, 0o755)
  return file
}

function quoted(text: string): string {
  return text.replaceAll("'", `'\\''`)
}
