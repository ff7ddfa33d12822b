/**
 * Text as a log of Stata has it, for the writer: listings, tables, replications, echoed commands, blank lines, about
 * as often as in real logs, and 62 bytes a line on the average. Made up, the same at every call, with a running number
 * in it, so that no two stretches are alike.
 */

const BLOCK = [
  (n: number) => `. quietly replace income = income * (1 + ${n % 97} / 1000) if year == ${1990 + (n % 30)}, nopromote`,
  (n: number) => `. regress income education experience i.region##c.age if wave == ${n % 12}, vce(cluster household)`,
  () => '',
  (n: number) => `Iteration ${n % 10}:  Log likelihood = -${(123_456.789 + n).toFixed(4)}`,
  () => '------------------------------------------------------------------------------',
  () => '      income | Coefficient  Std. err.      t    P>|t|     [95% conf. interval]',
  () => '-------------+----------------------------------------------------------------',
  row('   education'),
  row('  experience'),
  row('       _cons'),
  () => '------------------------------------------------------------------------------',
  () => '',
  (n: number) => `  ${pad(n, 8)}. | ${pad(n * 31, 9)}   ${pad(n * 17, 7)}   household ${pad(n * 13, 6)}   Nordrhein |`,
  (n: number) => `  ${pad(n, 8)}. | ${pad(n * 37, 9)}   ${pad(n * 19, 7)}   household ${pad(n * 11, 6)}   Sachsen   |`,
  (n: number) => `  ${pad(n, 8)}. | ${pad(n * 41, 9)}   ${pad(n * 23, 7)}   household ${pad(n * 29, 6)}   Bayern    |`,
  (n: number) => `Replication ${n}: _b[education] = ${number(n, 7)}   _se = ${number(n, 5)}`,
  (n: number) => `bootstrap sample ${n} drawn, seed ${(n * 48_271) % 2_147_483_647}, next stratum`,
  (n: number) => `(${n.toLocaleString('en-US')} real changes made)`,
] as const

/** So rarely a log says that a file was saved. */
const SAVED_EVERY = 2_000
const SAVED_FILES = 40

/** `count` lines, each with its line end, in blocks of about a mebibyte. */
export function* logText(count: number): Generator<Buffer> {
  let block = ''
  for (let n = 1; n <= count; n++) {
    block += `${logLine(n)}\n`
    if (block.length < 1024 * 1024) continue
    yield Buffer.from(block)
    block = ''
  }
  if (block !== '') yield Buffer.from(block)
}

/** The line with a number, without its end. */
export function logLine(n: number): string {
  if (n % SAVED_EVERY === 0)
    return `file /projects/wages/results/estimates_${(n / SAVED_EVERY) % SAVED_FILES}.ster saved`
  const line = BLOCK[n % BLOCK.length]
  return line === undefined ? '' : line(n)
}

function row(variable: string): (n: number) => string {
  return (n) => {
    const [coefficient, error, t] = [number(n, 7), number(n * 31, 6), number(n * 7, 2)]
    return `${variable} |   ${coefficient}   ${error}   ${t}   0.000     ${number(n + 1, 7)}    ${number(n + 2, 7)}`
  }
}

function pad(value: number, width: number): string {
  return String(value).slice(-width).padStart(width)
}

/** A made-up figure with so many digits. */
function number(n: number, digits: number): string {
  return `.${String((n * 2_654_435_761) % 10 ** digits).padStart(digits, '0')}`
}
