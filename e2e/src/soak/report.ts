/** The counters of a soak run: what was done, and what must be zero. */
export type Report = {
  readonly title: string
  /** Repeats the run's choices, not the moments at which they fall. */
  readonly seed: number
  readonly done: Readonly<Record<string, number | string>>
  readonly mustBeZero: Readonly<Record<string, number>>
}

export function newSeed(): number {
  return Math.floor(Math.random() * 2 ** 31)
}

/** The names of the counters that should be zero and are not. */
export function violations({ mustBeZero }: Report): string[] {
  return Object.entries(mustBeZero).flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}`]))
}

export function printReport({ title, seed, done, mustBeZero }: Report): void {
  const rows = Object.entries({ seed, ...done, ...mustBeZero })
  const width = Math.max(...rows.map(([name]) => name.length))
  console.log(`\n${title}`)
  for (const [name, value] of rows) {
    console.log(
      `  ${name.padEnd(width)}  ${typeof value === 'number' && name !== 'seed' ? value.toLocaleString('en') : value}`,
    )
  }
}
