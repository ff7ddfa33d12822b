import {
  followSchema,
  formatCursor,
  linesSchema,
  listFilesSchema,
  listRunsSchema,
  marksSchema,
  type Run,
  readFileSchema,
  runIdSchema,
  searchSchema,
  startRunSchema,
} from '@tailgate/shared'
import { tracked } from '@trpc/server'
import type { RunService } from '../../runs/run-service.ts'
import { unknownRun } from '../../runs/unknown-run.ts'
import { attachToRun } from './attach-to-run.ts'
import { NEVER, procedure, router, unwrap } from './trpc.ts'
import { toTrpcError } from './trpc-errors.ts'

/** The tRPC router. A subscription attaches to a run and never starts one; a run's failure is data, not an error. */
export const appRouter = router({
  runs: router({
    start: procedure
      .input(startRunSchema)
      .mutation(async ({ ctx, input }) => unwrap(await ctx.runs.start(input, ctx.caller)).run),

    follow: procedure.input(followSchema).subscription(async function* ({ ctx, input, signal }) {
      const attached = await attachToRun(ctx, input, signal ?? NEVER)
      // Returning ends the subscription for good.
      if (attached === null) return
      const deliveries = unwrap(await ctx.runs.follow(input.runId, attached.cursor, signal ?? NEVER))
      for await (const delivery of deliveries) yield tracked(formatCursor(delivery.cursor), delivery.event)
    }),

    cancel: procedure
      .input(runIdSchema)
      .mutation(async ({ ctx, input }) => unwrap(await ctx.runs.cancel(input.runId, ctx.caller))),

    get: procedure.input(runIdSchema).query(({ ctx, input }) => findRun(ctx.runs, input.runId)),

    list: procedure.input(listRunsSchema.optional()).query(({ ctx, input = {} }) => unwrap(ctx.runs.list(input))),

    lines: procedure
      .input(linesSchema)
      .query(async ({ ctx, input, signal }) => unwrap(await ctx.runs.lines(input, signal ?? NEVER))),

    marks: procedure
      .input(marksSchema)
      .query(async ({ ctx, input, signal }) => unwrap(await ctx.runs.marks(input, signal ?? NEVER))),

    search: procedure
      .input(searchSchema)
      .query(async ({ ctx, input, signal }) => unwrap(await ctx.runs.search(input, signal ?? NEVER))),

    source: procedure.input(runIdSchema).query(async ({ ctx, input }) => unwrap(await ctx.runs.source(input.runId))),

    rate: procedure.input(runIdSchema).query(async ({ ctx, input }) => unwrap(await ctx.runs.rate(input.runId))),

    artifacts: procedure.input(runIdSchema).query(({ ctx, input }) => {
      const { artifacts } = findRun(ctx.runs, input.runId)
      return { artifacts }
    }),
  }),

  files: router({
    list: procedure
      .input(listFilesSchema.optional())
      .query(async ({ ctx, input }) => unwrap(await ctx.files.list(input?.path))),
    read: procedure.input(readFileSchema).query(async ({ ctx, input }) => unwrap(await ctx.files.read(input.path))),
  }),

  engine: router({
    info: procedure.query(({ ctx }) => ctx.engine()),
  }),
})

/** What the client package is typed by. */
export type AppRouter = typeof appRouter

function findRun(runs: RunService, runId: string): Run {
  const run = runs.get(runId)
  if (run === undefined) throw toTrpcError(unknownRun(runId))
  return run
}
