/**
 * A failed command of the do-file being interpreted: Stata's message and its return code.
 *
 * Thrown, not returned: an error is the do-file language's own non-local exit (only `capture` and the end of a do-file
 * stop it), and it can arise at any depth of an expression. It never leaves the interpreter: `runBatch` turns it into
 * the log's last `r(N);`. Anything else thrown is a bug of ours.
 */
export class StataError extends Error {
  override readonly name = 'StataError'
  readonly code: number
  /** True once the message stands in the log; every level above prints only its own `r(N);`. */
  shown = false

  /** An empty message prints nothing but `r(code);`, as `exit 12` does. */
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export const syntaxError = (): StataError => new StataError(198, 'invalid syntax')
export const notFound = (name: string): StataError => new StataError(111, `${name} not found`)
export const typeMismatch = (): StataError => new StataError(109, 'type mismatch')
export const unrecognized = (name: string): StataError => new StataError(199, `command ${name} is unrecognized`)
export const optionNotAllowed = (name: string): StataError => new StataError(198, `option ${name} not allowed`)
