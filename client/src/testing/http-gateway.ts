import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { HTTP_STATUS, marksQuerySchema, startRunSchema, TailgateError } from '@tailgate/shared'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { createScriptedRouter } from './router.ts'
import { ScriptedGateway } from './scripted-gateway.ts'

/** How long a silent SSE stream waits before it sends a comment, milliseconds: short, so that tests need not wait. */
const COMMENT_MS = 20

export type HttpGateway = {
  readonly url: string
  readonly gateway: ScriptedGateway
  close(): Promise<void>
}

/** A scripted gateway on a port of its own: REST and SSE by hand, tRPC by its own server. */
export async function startHttpGateway(options: { token?: string } = {}): Promise<HttpGateway> {
  const gateway = new ScriptedGateway()
  const trpc = createHTTPHandler({ router: createScriptedRouter(gateway), basePath: '/trpc/' })
  const server = createServer((request, response) => {
    if (options.token !== undefined && request.headers.authorization !== `Bearer ${options.token}`) {
      refuse(response, new TailgateError('unauthorized', 'A token is needed.'))
    } else if (request.url?.startsWith('/trpc/') === true) {
      trpc(request, response)
    } else {
      rest(gateway, request, response).catch((cause: unknown) => refuse(response, TailgateError.from(cause)))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server's address is an object
  return {
    url: `http://127.0.0.1:${port}`,
    gateway,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function rest(gateway: ScriptedGateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://gateway')
  const [root = '', runId = '', part = ''] = pathname.slice(1).split('/').map(decodeURIComponent)
  const number = (name: string) => (searchParams.has(name) ? Number(searchParams.get(name)) : undefined)
  switch (`${request.method} /${root}${runId && '/:id'}${part && `/${part}`}`) {
    case 'POST /runs':
      return answer(response, gateway.start(startRunSchema.parse(JSON.parse(await text(request)))).record, 201)
    case 'GET /runs':
      return answer(response, gateway.list({ state: searchParams.get('state')?.split(','), limit: number('limit') }))
    case 'GET /runs/:id':
      return answer(response, gateway.find(runId).record)
    case 'DELETE /runs/:id':
      gateway.remove(runId)
      response.writeHead(204).end()
      return
    case 'POST /runs/:id/cancel':
      return answer(response, gateway.cancel(runId), 202)
    case 'GET /runs/:id/lines':
      return answer(response, gateway.lines(runId, number('from'), number('count')))
    case 'GET /runs/:id/marks':
      return answer(response, gateway.marks({ runId, ...marksQuerySchema.parse(Object.fromEntries(searchParams)) }))
    case 'GET /runs/:id/search':
      return answer(response, gateway.search(runId, searchParams.get('q') ?? '', number('from'), number('limit')))
    case 'GET /runs/:id/artifacts':
      return answer(response, gateway.artifacts(runId))
    case 'GET /runs/:id/stream':
      return await stream(
        gateway,
        runId,
        searchParams.get('cursor') ?? tailCursor(gateway, runId, number('tail')),
        response,
      )
    case 'GET /runs/:id/source':
      return answer(response, gateway.source(runId))
    case 'GET /runs/:id/rate':
      return answer(response, gateway.rate(runId))
    case 'GET /files':
      return answer(response, gateway.listFiles(searchParams.get('path') ?? undefined))
    case 'GET /files/:id':
      return answer(response, gateway.readFile(searchParams.get('path') ?? ''))
    case 'POST /login':
      return answer(response, gateway.login(JSON.parse(await text(request))))
    case 'POST /logout':
      response.writeHead(204).end()
      return
    case 'GET /whoami':
      return answer(response, gateway.whoAmI())
    case 'GET /engine':
      return answer(response, gateway.engineInfo())
    case 'GET /health':
      return answer(response, gateway.health())
    default:
      throw new TailgateError('not-found', `There is nothing at ${request.method} ${pathname}.`)
  }
}

function tailCursor(gateway: ScriptedGateway, runId: string, tail: number | undefined): string | null {
  return tail === undefined ? null : gateway.find(runId).tailCursor(tail)
}

async function stream(gateway: ScriptedGateway, runId: string, cursor: string | null, response: ServerResponse) {
  const run = gateway.find(runId)
  if (run.isOver(cursor)) {
    response.writeHead(204).end()
    return
  }
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' })
  response.write('retry: 2000\n\n')
  const heartbeat = setInterval(() => response.writableNeedDrain || response.write(':\n\n'), COMMENT_MS)
  try {
    for await (const delivery of run.follow(cursor, gone.signal)) {
      const { type } = delivery.event
      const frame = `id: ${delivery.cursor}\nevent: ${type}\ndata: ${JSON.stringify(delivery.event)}\n\n`
      if (!response.write(frame)) await once(response, 'drain', { signal: gone.signal })
    }
    response.end()
  } catch (cause) {
    if (!gone.signal.aborted) throw cause
  } finally {
    clearInterval(heartbeat)
  }
}

function answer(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
}

function refuse(response: ServerResponse, failure: TailgateError): void {
  if (response.headersSent) response.destroy()
  else answer(response, failure.toBody(), HTTP_STATUS[failure.code])
}
