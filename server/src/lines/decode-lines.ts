import { isUtf8 } from 'node:buffer'

/**
 * Turns the bytes of complete lines into text. Stata writes UTF-8 since version 14; what is not valid UTF-8 (older
 * versions, data with Latin-1 in it) is read as Windows-1252, line by line, so that one bad line spoils no other.
 */

const LF = 0x0a
const CR = 0x0d
const windows1252 = new TextDecoder('windows-1252')
/** The letter of each byte. */
const LETTERS = windows1252.decode(Uint8Array.from({ length: 0x100 }, (_, byte) => byte))

/** Text of one line's bytes. */
export function decodeLine(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString('utf8') : windows1252.decode(bytes)
}

/** The bytes that may stand for `text` in a log: as UTF-8 and, where that is possible and different, as Windows-1252. */
export function encodings(text: string): Buffer[] {
  const utf8 = Buffer.from(text)
  const codes = Array.from(text, (letter) => LETTERS.indexOf(letter))
  return utf8.length === text.length || codes.includes(-1) ? [utf8] : [utf8, Buffer.from(codes)]
}

/** The lines in `bytes`, which ends with LF, without their ends (LF or CRLF). */
export function decodeLines(bytes: Buffer): string[] {
  if (bytes.length === 0) return []
  if (isUtf8(bytes)) {
    const lines = bytes.toString('utf8', 0, bytes.length - 1).split('\n')
    // One look at the bytes is much cheaper than one at each line.
    return bytes.includes(CR) ? withoutCarriageReturns(lines) : lines
  }
  const lines: string[] = []
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf(LF, start)
    lines.push(decodeLine(bytes.subarray(start, end)))
    start = end + 1
  }
  return withoutCarriageReturns(lines)
}

function withoutCarriageReturns(lines: string[]): string[] {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]
    if (line?.endsWith('\r')) lines[i] = line.slice(0, -1)
  }
  return lines
}
