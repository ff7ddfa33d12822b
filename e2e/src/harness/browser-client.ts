import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createViteServer } from 'vitest/node'

/** Serves the client package to browsers, as a program's own build would. */
export type BrowserClient = {
  /** Of the pages that use it. */
  readonly origin: string
  /** What such a page imports. */
  readonly module: string
  [Symbol.asyncDispose](): Promise<void>
}

export async function serveBrowserClient(): Promise<BrowserClient> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'tailgate-browser-client-'))
  const server = await createViteServer({
    root: fileURLToPath(new URL('../../../client', import.meta.url)),
    configFile: false,
    cacheDir,
    logLevel: 'error',
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null },
    optimizeDeps: { entries: ['src/index.ts'] },
  })
  await server.listen()
  const [address = ''] = server.resolvedUrls?.local ?? []
  return {
    origin: new URL(address).origin,
    module: new URL('src/index.ts', address).href,
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(cacheDir, { recursive: true, force: true })
    },
  }
}
