import { unreachable } from '@tailgate/shared'
import * as z from 'zod'
import type { StreamKind } from './viewer-target.ts'
import { textMessages } from './websocket-frames.ts'

/** The log lines in what a viewer was sent, decoded as a client of its kind would. */

const linesEvent = z.object({ type: z.literal('lines'), text: z.array(z.string()) })
/** `["line", "the text"]`, behind `42/namespace,`. */
const lineEmitted = z.tuple([z.literal('line'), z.string()])
const EXECUTING = /^Executing\.\.\. \d/

export function receivedLines(kind: StreamKind, bytes: Buffer): string[] {
  switch (kind) {
    case 'sse-text':
      return dataFields(bytes).filter((line) => !EXECUTING.test(line))
    case 'sse-json':
      return dataFields(bytes).flatMap((data) => linesEvent.safeParse(parseJson(data)).data?.text ?? [])
    case 'sse-line':
      return dataFields(bytes).flatMap((data) => z.string().safeParse(parseJson(data)).data ?? [])
    case 'websocket':
      return [...textMessages(bytes)]
    case 'socket.io':
      return [...textMessages(bytes)].flatMap((message) => {
        const emitted = lineEmitted.safeParse(parseJson(message.slice(message.indexOf(',') + 1)))
        return message.startsWith('42/') && emitted.success ? [emitted.data[1]] : []
      })
    default:
      return unreachable(kind)
  }
}

function dataFields(response: Buffer): string[] {
  const prefix = 'data: '
  const lines = unchunked(response).toString().split('\n')
  return lines.flatMap((line) => (line.startsWith(prefix) ? [line.slice(prefix.length)] : line === 'data:' ? [''] : []))
}

/** A body without the framing of `Transfer-Encoding: chunked` (RFC 9112, 7.1). */
export function unchunked(body: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const sizeEnd = body.indexOf('\r\n', at)
    if (sizeEnd === -1) break
    const size = Number.parseInt(body.toString('latin1', at, sizeEnd), 16)
    pieces.push(body.subarray(sizeEnd + 2, sizeEnd + 2 + size))
    at = sizeEnd + 2 + size + 2
  }
  return Buffer.concat(pieces)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
