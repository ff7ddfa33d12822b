import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { endEventSchema, errorBodySchema } from '@tailgate/shared'
import { EventSourceParserStream } from 'eventsource-parser/stream'
import { createGateway } from '../app.ts'
import type { Configuration } from '../config.ts'
import { engineName } from '../stata/engine/doctor-report.ts'
import { createLogger } from './create-logger.ts'
import { exitStatus, stopSignal } from './stop-signal.ts'
import { complain, EXIT, outputClosed, print } from './terminal.ts'

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url))
const DO_FILE = 'streaming.do'

/** Whatever is set for the gateway that runs for good, this one is for itself. */
const ALONE = { host: '127.0.0.1', port: 0, socket: null, auth: 'auto', tokenFile: null, auditFile: null } as const

/** `tailgate demo`: a gateway of its own, for one run that is shown as it goes; nothing of it is left afterwards. */
export async function demo({ settings, origins }: Configuration): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tailgate-demo-'))
  const logLevel = origins.logLevel.type === 'default' ? 'error' : settings.logLevel
  try {
    const gateway = await createGateway({
      configuration: {
        settings: { ...settings, ...ALONE, dataDir, roots: [EXAMPLES], logLevel },
        origins,
      },
      log: createLogger(logLevel),
    })
    if (!gateway.ok) {
      complain(gateway.error)
      return EXIT.failed
    }
    print(`Engine: ${engineName(gateway.value.engineInfo().engine)}`)
    try {
      return await show(gateway.value.url, gateway.value.access.firstToken ?? '')
    } finally {
      await gateway.value.close()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function show(url: string, token: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` }
  const response = await fetch(`${url}/run_file?file_path=${DO_FILE}`, { headers })
  if (!response.ok || response.body === null) {
    complain(errorBodySchema.parse(await response.json()).error.message)
    return EXIT.failed
  }
  let interrupted: NodeJS.Signals | null = null
  const cancel = async (signal: NodeJS.Signals) => {
    interrupted = signal
    // The stream goes on to its end, which tells that the run was cancelled.
    await fetch(`${url}/runs/${response.headers.get('X-Run-Id')}/cancel`, { method: 'POST', headers })
  }
  Promise.race([stopSignal(), outputClosed()])
    .then(cancel)
    .catch((error) => complain(`The run could not be cancelled: ${error}`))

  let status: number = EXIT.failed
  const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream())
  for await (const { event, data } of events) {
    if (event === undefined) print(data)
    if (event === 'end') {
      status = endEventSchema.parse(JSON.parse(data)).run.state === 'succeeded' ? EXIT.ok : EXIT.failed
    }
  }
  return interrupted === null ? status : exitStatus(interrupted)
}
