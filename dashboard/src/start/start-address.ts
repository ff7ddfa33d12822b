import type { Run } from '@tailgate/client'

/** What the page for starting a run is filled with; it stands in the address. */
export type StartDraft = {
  readonly file: string | null
  readonly args: readonly string[]
  readonly workingDir: string | null
  /** Time limit in milliseconds. */
  readonly timeoutMs: number | null
}

/** The address of the page that starts a run like this one. */
export function startAddress({ file, args, workingDir, timeoutMs }: StartDraft | Run): string {
  const params = new URLSearchParams()
  if (file !== null) params.set('file', file)
  for (const arg of args) params.append('arg', arg)
  if (workingDir !== null) params.set('dir', workingDir)
  if (timeoutMs !== null) params.set('timeout', String(timeoutMs / 1_000))
  return params.size === 0 ? '/start' : `/start?${params}`
}

/** What an address of the page for starting a run says; parts that make no sense are left out. */
export function parseStartDraft(params: URLSearchParams): StartDraft {
  const seconds = Number(params.get('timeout') ?? '')
  return {
    file: params.get('file'),
    args: params.getAll('arg'),
    workingDir: params.get('dir'),
    timeoutMs: Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : null,
  }
}
