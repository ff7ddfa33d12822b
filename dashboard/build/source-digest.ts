import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Hash of the names and contents of files, and of all files in directories; tests are left out. */
export async function sourceDigest(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) {
    const status = await stat(path).catch(() => null)
    if (status === null) continue
    const files = status.isDirectory() ? await filesBelow(path) : [path]
    const contents = await Promise.all(files.map((file) => readFile(file)))
    for (const [i, file] of files.entries()) {
      const content = contents[i] ?? ''
      hash.update(`${file.slice(path.length)}\0${content.length}\0`).update(content)
    }
  }
  return hash.digest('hex')
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
