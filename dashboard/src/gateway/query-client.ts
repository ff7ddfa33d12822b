import { TailgateError } from '@tailgate/client'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { reportFailure, reportSuccess } from './connection.ts'

/**
 * The cache of what the gateway has answered. The gateway owns all state: nothing here is true for longer than until
 * the next answer. Whether the gateway can be reached, and whether it wants a login, is told by what requests meet.
 */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: reportFailure, onSuccess: reportSuccess }),
  mutationCache: new MutationCache({ onError: reportFailure, onSuccess: reportSuccess }),
  defaultOptions: {
    queries: {
      // A gateway on this machine is there whether or not the browser believes to be online.
      networkMode: 'always',
      retry: (failures, error) => failures < 2 && error instanceof TailgateError && RETRYABLE.has(error.code),
      retryDelay: (attempt) => 500 * 2 ** attempt,
      staleTime: 1_000,
    },
    mutations: { networkMode: 'always' },
  },
})

const RETRYABLE: ReadonlySet<TailgateError['code']> = new Set(['network', 'unavailable', 'too-many-requests'])
