import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isInstalled } from './installed.ts'
import { createTlsSite, OPENSSL, SITE_HOST, type TlsSite } from './tls-site.ts'

/** Caddy with the site that docs/deploy describes. */

const CADDY = '/usr/bin/caddy'
const SITE = new URL('../../../docs/deploy/Caddyfile', import.meta.url)

export function hasCaddy(): boolean {
  return (
    isInstalled('caddy', CADDY, 'apt-get install caddy') && isInstalled('caddy', OPENSSL, 'apt-get install openssl')
  )
}

/** Starts Caddy before a gateway's socket. Only the port, the certificate and the socket's place differ from the docs. */
export async function startCaddy(socket: string): Promise<TlsSite & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'tailgate-caddy-'))
  const site = await createTlsSite(folder)
  const block = (await readFile(SITE, 'utf8'))
    .replace('/run/tailgate/gateway.sock', socket)
    .replace(`${SITE_HOST} {`, `${site.url} {\n\ttls ${site.certificate} ${site.key}`)
  const config = join(folder, 'Caddyfile')
  await writeFile(config, `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${block}`)
  const child = spawn(CADDY, ['run', '--config', config, '--adapter', 'caddyfile'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, HOME: folder },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const exited = once(child, 'exit')
  while (!(await canConnect(site.port))) {
    if (child.exitCode !== null) throw new Error(`Caddy did not start: ${said}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return {
    ...site,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true })
    },
  }
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
