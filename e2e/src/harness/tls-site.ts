import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** What a proxy in front of a gateway needs to be there by https: a name, a port, a certificate. */

/** The name in the example configurations. */
export const SITE_HOST = 'tailgate.example.org'

export const OPENSSL = '/usr/bin/openssl'

export type TlsSite = {
  /** Such as `https://tailgate.example.org:41234`. */
  readonly url: string
  readonly port: number
  readonly certificate: string
  readonly key: string
  /** What makes curl come here by that name, and trust the certificate. */
  readonly curlArgs: readonly string[]
}

/** Makes a certificate in the folder, named as Let's Encrypt's client names it. */
export async function createTlsSite(folder: string): Promise<TlsSite> {
  const [certificate, key] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')]
  const subject = ['-subj', `/CN=${SITE_HOST}`, '-addext', `subjectAltName=DNS:${SITE_HOST}`]
  const made = ['-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key]
  await promisify(execFile)(OPENSSL, ['req', ...made, '-out', certificate, ...subject])
  const port = await freePort()
  const curlArgs = ['--resolve', `${SITE_HOST}:${port}:127.0.0.1`, '--cacert', certificate]
  return { url: `https://${SITE_HOST}:${port}`, port, certificate, key, curlArgs }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
