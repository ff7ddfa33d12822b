import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { unreachable } from '@tailgate/shared'
import { FIRST_LINE, LAST_LINE } from '../engine/writing-task.ts'
import { receivedLines, unchunked } from './received-lines.ts'
import { Viewer } from './viewer.ts'
import type { Answer, Answers, Question } from './viewer-protocol.ts'
import type { StreamKind } from './viewer-target.ts'

/** The process with the viewers: apart from what is measured, and from the bench itself. */

/** Sockets opened at once: more would overrun the server's backlog. */
const CONNECTING = 64

let viewers: Viewer[] = []
let kind: StreamKind = 'sse-text'
let stalledViewers = 0

process.on('message', (message) => {
  // Sent by `viewer-process.ts` of the same version.
  const question = message as Question
  reply(question).then(
    (answer) => send({ answer }),
    (error) => send({ failure: error instanceof Error ? error.message : String(error) }),
  )
})
process.on('disconnect', () => process.exit())

function send(answer: Answer): void {
  process.send?.(answer)
}

async function reply(question: Question): Promise<Answers[Question['type']]> {
  switch (question.type) {
    case 'connect': {
      kind = question.target.kind
      stalledViewers = question.stalled
      viewers = []
      while (viewers.length < question.viewers) {
        const count = Math.min(CONNECTING, question.viewers - viewers.length)
        const next = Array.from({ length: count }, (_, i) => {
          return new Viewer(question.target, question.keep, viewers.length + i < question.stalled)
        })
        viewers.push(...next)
        await Promise.all(next.map((viewer) => viewer.connected))
      }
      return null
    }
    case 'watch': {
      const before = process.cpuUsage()
      const watching = viewers.slice(stalledViewers)
      const arrivals = await Promise.all(watching.map((viewer) => viewer.finished(question.logBytes)))
      const { user, system } = process.cpuUsage(before)
      const bytes = watching.reduce((sum, viewer) => sum + viewer.bytes, 0)
      const ages = watching.flatMap((viewer) => viewer.ages())
      return { endedAt: Math.max(...arrivals), bytes, cpuMs: (user + system) / 1000, ages }
    }
    case 'compare':
      return await compare(question.logPath, question.lines)
    case 'save':
      await writeFile(question.path, unchunked(viewers[0]?.received() ?? Buffer.alloc(0)))
      return null
    case 'count':
      return { bytes: viewers.map((viewer) => viewer.bytes), lines: viewers.map((viewer) => viewer.lines) }
    case 'close':
      for (const viewer of viewers) viewer.close()
      viewers = []
      return null
    default:
      return unreachable(question)
  }
}

async function compare(logPath: string, count: number): Promise<string | null> {
  const expected = between(await logLines(logPath))
  if (expected.length !== count + 2) return `The log has ${expected.length - 2} lines, not ${count}.`
  for (const [i, viewer] of viewers.entries()) {
    const lines = between(receivedLines(kind, viewer.received()))
    const wrong = expected.findIndex((line, at) => line !== lines[at])
    if (wrong !== -1) {
      const quote = JSON.stringify(lines[wrong] ?? null)
      return `Viewer ${i} was sent ${lines.length} lines of ${expected.length}; line ${wrong} is ${quote}, not ${JSON.stringify(expected[wrong])}.`
    }
    if (lines.length !== expected.length) return `Viewer ${i} was sent ${lines.length} lines, not ${expected.length}.`
  }
  return null
}

function between(lines: readonly string[]): readonly string[] {
  return lines.slice(lines.indexOf(FIRST_LINE), lines.indexOf(LAST_LINE) + 1)
}

async function logLines(path: string): Promise<string[]> {
  const lines: string[] = []
  for await (const line of createInterface({ input: createReadStream(path) })) lines.push(line)
  return lines
}
