/** The system's name for a failed call, such as `ENOENT`; undefined for anything that is not a system error. */
export function errno(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
