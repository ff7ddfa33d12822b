import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

/** Puts the writer into a directory as one executable file that a gateway takes for a Stata. */
export async function createEngineFile(directory: string): Promise<string> {
  const file = path.join(directory, 'stata-mp')
  // `exec`, so that the process that was started is the writer itself.
  await writeFile(file, `#!/bin/sh\nexec '${quoted(process.execPath)}' '${quoted(MAIN)}' "$@"\n`)
  await chmod(file, 0o755)
  return file
}

function quoted(text: string): string {
  return text.replaceAll("'", `'\\''`)
}
