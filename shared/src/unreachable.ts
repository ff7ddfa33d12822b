/** Ends an exhaustive `switch`: does not compile while a case is missing, and throws if the types were lied to. */
export function unreachable(value: never): never {
  throw new Error(`Internal error: unexpected value ${JSON.stringify(value)}`)
}
