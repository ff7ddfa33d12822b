import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'

/** What is worth compressing; the gateway looks for the compressed files of exactly these. */
const COMPRESSED: ReadonlySet<string> = new Set(['.js', '.css'])

const brotliBytes = promisify(brotliCompress)
const gzipBytes = promisify(gzip)

/** Puts a `.br` and a `.gz` beside each script and style sheet: browsers take Brotli over HTTPS and loopback only. */
export async function compressAssets(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!COMPRESSED.has(extname(name))) continue
    const path = join(directory, name)
    const content = await readFile(path)
    await writeFile(`${path}.br`, await brotliBytes(content))
    await writeFile(`${path}.gz`, await gzipBytes(content, { level: 9 }))
  }
}
