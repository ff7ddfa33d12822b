import * as z from 'zod'

/** How a run's log has grown. At most MAX_RATE_SAMPLES, in order of time; they get coarser as a run gets longer. */
export const rateSchema = z.object({
  samples: z.array(
    z.object({
      /** Milliseconds since the run started. */
      elapsedMs: z.number(),
      /** Complete lines in the log by then. */
      lines: z.number().int(),
    }),
  ),
})
export type Rate = z.infer<typeof rateSchema>
