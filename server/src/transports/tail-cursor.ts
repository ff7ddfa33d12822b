import { type Cursor, err, ok, type Result, type TailgateError } from '@tailgate/shared'
import type { RunService } from '../runs/run-service.ts'
import { unknownRun } from '../runs/unknown-run.ts'

/** The cursor that stands so many lines before the end of a run's log, as it is now. */
export async function tailCursor(
  runs: Pick<RunService, 'log' | 'tailOffset'>,
  runId: string,
  lines: number,
  signal: AbortSignal,
): Promise<Result<Cursor, TailgateError>> {
  // Asked first: should the log begin anew meanwhile, the cursor is of the old one and the viewer is told so.
  const log = runs.log(runId)
  if (log === undefined) return err(unknownRun(runId))
  const offset = await runs.tailOffset(runId, lines, signal)
  return offset.ok ? ok({ runId, generation: log.generation, offset: offset.value, ended: false }) : offset
}
