/** What the command writes for people: results to stdout, complaints to stderr. Logs go to stderr too, as JSON. */

export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function complain(message: string): void {
  process.stderr.write(`tailgate: ${message}\n`)
}

/** Resolves when nobody reads stdout any more, as after `tailgate demo | head`; writing on is then harmless. */
export function outputClosed(): Promise<'SIGPIPE'> {
  const { promise, resolve } = Promise.withResolvers<'SIGPIPE'>()
  process.stdout.on('error', () => resolve('SIGPIPE'))
  return promise
}

/** Exit statuses: BSD and GNU tools agree on 2 for wrong usage. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const
