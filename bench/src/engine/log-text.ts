/**
 * Text as a log of Stata has it, for the writer: results of estimations, replications, echoed commands, dots, blank
 * lines. Made up, the same at every call, with a running number in it, so that no two stretches are alike; 62 bytes a
 * line on the average.
 */

const BLOCK = [
  (n: number) => `. quietly replace income = income * (1 + ${n % 97} / 1000) if year == ${1990 + (n % 30)}`,
  () => '',
  (n: number) => `Iteration ${n % 10}:  Log likelihood = -${(123_456.789 + n).toFixed(4)}`,
  (n: number) => `Replication ${n}: _b[education] =  .0${(n * 7919) % 900_000}   _se =  .00${(n * 104_729) % 90_000}`,
  () => '------------------------------------------------------------------------------',
  () => '      income | Coefficient  Std. err.      t    P>|t|     [95% conf. interval]',
  () => '-------------+----------------------------------------------------------------',
  (n: number) =>
    `   education |   ${number(n, 7)}   .0${(n * 31) % 90_000}     ${number(n, 4)}   0.000     ${number(n + 1, 7)}    ${number(n + 2, 7)}`,
  (n: number) => `       _cons |  ${number(n, 8)}   .1${(n * 17) % 90_000}    ${number(n, 5)}   0.000`,
  () => '------------------------------------------------------------------------------',
  (n: number) => `(${n.toLocaleString('en-US')} real changes made)`,
  (n: number) => `file /projects/wages/results/estimates_${n % 40}.ster saved`,
  () => '..................................................    50',
  (n: number) => `bootstrap sample ${n} drawn, seed ${(n * 48_271) % 2_147_483_647}, moving on to the next stratum`,
] as const

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
  const line = BLOCK[n % BLOCK.length]
  return line === undefined ? '' : line(n)
}

/** A made-up figure with so many digits. */
function number(n: number, digits: number): string {
  return `.${String((n * 2_654_435_761) % 10 ** digits).padStart(digits, '0')}`
}
