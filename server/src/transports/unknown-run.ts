import { TailgateError } from '@tailgate/shared'

export function unknownRun(runId: string): TailgateError {
  return new TailgateError('not-found', `There is no run ${JSON.stringify(runId.slice(0, 64))}; GET /runs lists them.`)
}
