import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createGateway, type Gateway } from '../app.ts'
import type { Configuration } from '../config.ts'
import { engineName } from '../stata/engine/doctor-report.ts'
import { VERSION } from '../version.ts'
import { createLogger } from './create-logger.ts'
import { stopSignal } from './stop-signal.ts'
import { complain, EXIT, print } from './terminal.ts'

/** `tailgate serve`: runs the gateway until a signal stops it. */
export async function serve(configuration: Configuration, welcome: boolean): Promise<number> {
  const stopped = stopSignal()
  const { settings, origins } = configuration
  // Whoever is welcomed sits at the terminal, and need not read of each request there.
  const log = createLogger(welcome && origins.logLevel.type === 'default' ? 'warn' : settings.logLevel)
  const gateway = await createGateway({ configuration, log })
  if (!gateway.ok) {
    complain(gateway.error)
    return EXIT.failed
  }
  print(`Tailgate ${VERSION} listening on ${gateway.value.url}`)
  const secrets = await issueSecrets(gateway.value)
  if (welcome) print(welcomeText(gateway.value, configuration))
  for (const line of dashboardText(gateway.value, welcome, secrets)) print(line)
  if (welcome) print('\nStop with Ctrl+C; runs go on and are found again at the next start.')
  const signal = await stopped
  log.info({ signal }, 'shutting down')
  await gateway.value.close()
  return EXIT.ok
}

const EXAMPLE = 'examples/streaming.do'

function welcomeText(gateway: Gateway, { settings }: Configuration): string {
  const { engine, problem } = gateway.engineInfo()
  const [root = '.'] = settings.roots
  const file = existsSync(join(root, EXAMPLE)) ? EXAMPLE : 'path/to/your.do'
  return [
    `Engine: ${engineName(engine)}`,
    ...(problem === null ? [] : [`Problem: ${problem}`]),
    `Do-files may be run from: ${settings.roots.join(', ')}`,
    '',
    'Watch a run in another terminal:',
    `  ${curlCommand(gateway, file)}`,
  ].join('\n')
}

function curlCommand({ url, access }: Gateway, file: string): string {
  const socket = /^unix:(.*)$/.exec(url)?.[1]
  const where = socket === undefined ? '' : ` --unix-socket '${socket}'`
  const who = access.trustsOwnUser ? '' : ' -H "Authorization: Bearer $TOKEN"'
  return `curl -N${who}${where} '${socket === undefined ? url : 'http://localhost'}/run_file?file_path=${file}'`
}

/** What lets its reader in. */
type Secrets = { readonly code: string | null; readonly token: string | null }

/** To a terminal and nowhere else: what a service prints is kept, and read by others. */
async function issueSecrets({ url, access }: Gateway): Promise<Secrets> {
  if (!process.stdout.isTTY) return { code: null, token: null }
  return { code: url.startsWith('http') ? await access.issueCode() : null, token: access.firstToken }
}

function dashboardText({ url }: Gateway, welcome: boolean, { code, token }: Secrets): string[] {
  return [
    ...(token === null ? [] : ['', `A first token, for programs and other people, shown only now: ${token}`]),
    ...(code === null
      ? []
      : ['', 'Open the dashboard (this link serves once, for 15 minutes):', `  ${url}/#login=${code}`]),
    ...(code === null && welcome && url.startsWith('http') ? ['', 'Open the dashboard:', `  ${url}/`] : []),
  ]
}
