import { useQuery } from '@tanstack/react-query'
import { whoAmIQuery } from '../gateway/queries.ts'
import { type RunCan, runCan, runCannot } from './run-can.ts'

/** Whether this user may start and stop runs, or only watch them. Until it is known, the gateway decides. */
export function useMayRun(): boolean {
  const { data: who } = useQuery(whoAmIQuery)
  return who?.role !== 'watch'
}

/** What this user may do to runs. */
export function useRunCan(): RunCan {
  return useMayRun() ? runCan : runCannot
}
