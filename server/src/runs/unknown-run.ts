import { TailgateError } from '@tailgate/shared'

/** The refusal for a run id that is not (any more) in the store. */
export function unknownRun(runId: string): TailgateError {
  return new TailgateError('not-found', `There is no run ${runId} (any more): list the runs to see which there are.`, {
    details: { runId },
  })
}
