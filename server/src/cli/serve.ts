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
  const log = createLogger(configuration.settings.logLevel)
  const gateway = await createGateway({ configuration, log })
  if (!gateway.ok) {
    complain(gateway.error)
    return EXIT.failed
  }
  print(`Tailgate ${VERSION} listening on ${gateway.value.url}`)
  if (welcome) print(welcomeText(gateway.value, configuration))
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
    `  curl -N '${gateway.url}/run_file?file_path=${file}'`,
    '',
    'Stop with Ctrl+C; runs go on and are found again at the next start.',
  ].join('\n')
}
