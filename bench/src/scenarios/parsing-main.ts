import { createLogParser } from '@tailgate/server/log-parser'
import { logText } from '../engine/log-text.ts'

/** Arguments: lines, rounds. Tells how many lines a second of processor time the parser reads. */

const [lines = 0, rounds = 0] = process.argv.slice(2).map(Number)
const text = [...logText(lines)].flatMap((block) => block.toString().split('\n').slice(0, -1))

const rates: number[] = []
// The first round is for the compiler.
for (let round = 0; round <= rounds; round++) {
  const parser = createLogParser({ workingDir: '/projects/wages' })
  const before = process.cpuUsage()
  for (const line of text) parser.push(line)
  const { user, system } = process.cpuUsage(before)
  if (round > 0) rates.push((lines / (user + system)) * 1e6)
}
process.send?.(rates)
process.disconnect()
