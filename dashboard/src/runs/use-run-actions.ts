import type { Run } from '@tailgate/client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import { baseName } from '../format/path.ts'
import { gateway } from '../gateway/gateway.ts'
import { newRunKey } from '../gateway/run-key.ts'
import { announce, complain } from '../shell/notices.ts'

/** What can be done to runs; each tells how it went. Whether it may be done, `runCan` says. */
export type RunActions = {
  cancel(run: Run): void
  /** Starts the same do-file with the same parameters, and shows that run. */
  runAgain(run: Run): void
  /** Forgets the run and its log. Ask before. */
  remove(run: Run): void
}

export function useRunActions(): RunActions {
  const queries = useQueryClient()
  const [, navigate] = useLocation()
  const refresh = () => queries.invalidateQueries({ queryKey: ['runs'] })

  const cancel = useMutation({
    mutationFn: (run: Run) => gateway.runs.cancel(run.id),
    onSuccess: async (_answer, run) => {
      announce(`Cancelling ${baseName(run.file)}.`)
      await refresh()
    },
    onError: complain,
  })
  const runAgain = useMutation({
    mutationFn: ({ file, args, workingDir, timeoutMs }: Run) =>
      gateway.runs.start({
        file,
        args,
        workingDir,
        ...(timeoutMs === null ? {} : { timeoutMs }),
        runKey: newRunKey(),
      }),
    onSuccess: async (started, run) => {
      announce(`Started ${baseName(run.file)}.`)
      navigate(`/run/${started.id}`)
      await refresh()
    },
    onError: complain,
  })
  const remove = useMutation({
    mutationFn: (run: Run) => gateway.runs.remove(run.id),
    onSuccess: async (_answer, run) => {
      announce(`Deleted the run of ${baseName(run.file)}.`)
      await refresh()
    },
    onError: complain,
  })
  return { cancel: cancel.mutate, runAgain: runAgain.mutate, remove: remove.mutate }
}
