import {
  followSchema,
  linesSchema,
  listFilesSchema,
  listRunsSchema,
  marksSchema,
  readFileSchema,
  runIdSchema,
  searchSchema,
  startRunSchema,
  TailgateError,
} from '@tailgate/shared'
import { initTRPC, TRPCError, tracked } from '@trpc/server'
import type { ScriptedGateway } from './scripted-gateway.ts'

/** How often a silent subscription is pinged, milliseconds: often, so that tests need not wait. */
const PING_MS = 20

/** The procedures of a gateway, over a scripted one, with the real tRPC server. */
export function createScriptedRouter(gateway: ScriptedGateway) {
  const t = initTRPC.create({
    sse: { ping: { enabled: true, intervalMs: PING_MS } },
    errorFormatter: ({ shape, error }) => ({
      ...shape,
      data: {
        ...shape.data,
        ...(error.cause instanceof TailgateError ? { tailgate: error.cause.toBody().error } : {}),
      },
    }),
  })
  const procedure = t.procedure.use(async ({ next }) => {
    const result = await next()
    if (!result.ok && result.error.cause instanceof TailgateError) throw refusal(result.error.cause)
    return result
  })
  return t.router({
    runs: t.router({
      start: procedure.input(startRunSchema).mutation(({ input }) => gateway.start(input).record),
      get: procedure.input(runIdSchema).query(({ input }) => gateway.find(input.runId).record),
      list: procedure.input(listRunsSchema).query(({ input }) => gateway.list(input)),
      cancel: procedure.input(runIdSchema).mutation(({ input }) => gateway.cancel(input.runId)),
      lines: procedure.input(linesSchema).query(({ input }) => gateway.lines(input.runId, input.from, input.count)),
      marks: procedure.input(marksSchema).query(({ input }) => gateway.marks(input)),
      search: procedure
        .input(searchSchema)
        .query(({ input }) => gateway.search(input.runId, input.q, input.from, input.limit)),
      source: procedure.input(runIdSchema).query(({ input }) => gateway.source(input.runId)),
      rate: procedure.input(runIdSchema).query(({ input }) => gateway.rate(input.runId)),
      artifacts: procedure.input(runIdSchema).query(({ input }) => gateway.artifacts(input.runId)),
      follow: procedure.input(followSchema).subscription(async function* ({
        input,
        signal = new AbortController().signal,
      }) {
        const run = gateway.runs.get(input.runId)
        if (run === undefined) throw refusal(new TailgateError('not-found', `There is no run ${input.runId}.`))
        const tail = input.tail === undefined ? null : run.tailCursor(input.tail)
        for await (const { cursor, event } of run.follow(input.lastEventId ?? tail, signal))
          yield tracked(cursor, event)
      }),
    }),
    files: t.router({
      list: procedure.input(listFilesSchema).query(({ input }) => gateway.listFiles(input.path)),
      read: procedure.input(readFileSchema).query(({ input }) => gateway.readFile(input.path)),
    }),
    engine: t.router({ info: procedure.query(() => gateway.engineInfo()) }),
  })
}

function refusal(cause: TailgateError): TRPCError {
  const code = cause.code === 'not-found' ? 'NOT_FOUND' : cause.code === 'conflict' ? 'CONFLICT' : 'BAD_REQUEST'
  return new TRPCError({ code, message: cause.message, cause })
}
