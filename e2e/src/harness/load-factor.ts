/** Processor time that is spent to find out, milliseconds. */
const PROBE_MS = 40

/**
 * How many times longer a computation takes on this machine at the moment than it would if nothing else ran: 1 when it
 * has a processor for itself. Divides the measured times of tests that promise how long something takes.
 */
export function loadFactor(): number {
  const began = performance.now()
  const before = process.cpuUsage()
  let usedMs = 0
  while (usedMs < PROBE_MS) usedMs = process.cpuUsage(before).user / 1_000 + process.cpuUsage(before).system / 1_000
  return Math.max(1, (performance.now() - began) / usedMs)
}
