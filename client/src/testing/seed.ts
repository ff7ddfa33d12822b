/** A fresh seed for a property test, printed so that a failure can be repeated. */
export function seed(what: string): number {
  const value = Math.floor(Math.random() * 2 ** 31)
  console.log(`${what}: seed ${value}`)
  return value
}
