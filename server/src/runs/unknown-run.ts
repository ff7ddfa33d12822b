import { TailgateError } from '@tailgate/shared'

/** The most of an unknown id that is repeated: it may be anything. */
const MAX_ID_LENGTH = 64

/** The refusal for a run id that is not (any more) in the store. */
export function unknownRun(runId: string): TailgateError {
  const id = JSON.stringify(runId.slice(0, MAX_ID_LENGTH))
  return new TailgateError('not-found', `There is no run ${id} (any more); GET /runs lists those that there are.`)
}
