import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isInstalled } from './installed.ts'
import { createTlsSite, OPENSSL } from './tls-site.ts'

/** Debian's nginx with its own configuration, and with the site that docs/deploy describes. */

const NGINX = '/usr/sbin/nginx'
const OWN_CONFIGURATION = '/etc/nginx/nginx.conf'
const SITE = new URL('../../../docs/deploy/nginx.conf', import.meta.url)

export type Nginx = {
  /** Such as `https://tailgate.example.org:41234`. */
  readonly url: string
  /** What makes curl come here by that name, and trust the certificate. */
  readonly curlArgs: readonly string[]
  /** What has been logged so far. */
  accessLog(): Promise<string>
  [Symbol.asyncDispose](): Promise<void>
}

export function hasNginx(): boolean {
  return (
    isInstalled('nginx', NGINX, 'apt-get install nginx-light') &&
    isInstalled('nginx', OWN_CONFIGURATION, 'apt-get install nginx-common') &&
    isInstalled('nginx', OPENSSL, 'apt-get install openssl')
  )
}

/** Starts nginx before a gateway's socket. Only names, places and the port differ from what an admin would have. */
export async function startNginx(socket: string): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'tailgate-nginx-'))
  await chmod(folder, 0o755)
  const at = (name: string) => join(folder, name)
  const tls = await createTlsSite(folder)
  const site = (await readFile(SITE, 'utf8'))
    .replace('/run/tailgate/gateway.sock', socket)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${tls.port} ssl;`)
    .replaceAll('/etc/letsencrypt/live/tailgate.example.org', folder)
  const own = (await readFile(OWN_CONFIGURATION, 'utf8'))
    // The test's gateway belongs to whoever runs the test, and so does its socket.
    .replace(/^user .*;$/m, process.getuid?.() === 0 ? 'user root;' : '')
    .replace(/^pid .*;$/m, `pid ${at('nginx.pid')};`)
    .replace(/error_log [^;]*;/, `error_log ${at('error.log')};`)
    .replace(/access_log [^;]*;/, `access_log ${at('access.log')};`)
    .replace(/include \/etc\/nginx\/sites-enabled\/\*;/, `include ${at('site.conf')};`)
  await writeFile(at('site.conf'), site)
  await writeFile(at('nginx.conf'), `daemon off;\n${own}`)

  const child = spawn(NGINX, ['-c', at('nginx.conf'), '-e', at('error.log')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const exited = once(child, 'exit')
  const isUp = async () => (await readFile(at('nginx.pid'), 'utf8').catch(() => '')) !== ''
  while (!(await isUp())) {
    if (child.exitCode !== null) throw new Error(`nginx did not start: ${await readFile(at('error.log'), 'utf8')}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    url: tls.url,
    curlArgs: tls.curlArgs,
    accessLog: () => readFile(at('access.log'), 'utf8'),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true })
    },
  }
}
