import * as z from 'zod'

/**
 * What a log line is. `command` is Stata's echo of a line of the do-file, `continuation` the rest of an echo that takes
 * several lines, `error` a line of an error's message or its `r(N);`.
 */
export const lineKindSchema = z.enum(['output', 'command', 'continuation', 'error'])
export type LineKind = z.infer<typeof lineKindSchema>
