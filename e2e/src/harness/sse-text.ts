import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** One line of a curl'ed stream and when it arrived, milliseconds of a monotonic clock. */
export type TimedLine = { readonly text: string; readonly at: number }

/** Streams an address with curl and notes when each line came. */
export async function curlTimed(...args: readonly string[]): Promise<TimedLine[]> {
  const child = spawn('curl', ['--silent', '--no-buffer', '--max-time', '60', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: TimedLine[] = []
  for await (const text of createInterface({ input: child.stdout })) lines.push({ text, at: performance.now() })
  return lines
}

/** The `data:` lines of a text stream, without the prefix and without the closing JSON. */
export function dataLines(stream: string): string[] {
  return stream
    .split('\n')
    .filter((line) => line.startsWith('data: ') || line === 'data:')
    .map((line) => line.slice(6))
    .filter((line) => !line.startsWith('{"type":"end"'))
}
