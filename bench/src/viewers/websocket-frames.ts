/** As much of WebSocket (RFC 6455) as the viewers need: short masked text frames out, text messages in. */

const TEXT = 0x1
const CONTINUATION = 0x0
const FINAL = 0x80
const MASKED = 0x80

/** A text frame as a client must send it; of up to 125 bytes. The mask is zero: nobody between us needs to be fooled. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text)
  return Buffer.concat([Buffer.of(FINAL | TEXT, MASKED | payload.length, 0, 0, 0, 0), payload])
}

/** The text messages in what a server has sent; an unfinished last one is left out. */
export function* textMessages(bytes: Buffer): Generator<string> {
  let pieces: Buffer[] = []
  for (let at = 0; at + 2 <= bytes.length; ) {
    const head = bytes.readUInt8(at)
    const short = bytes.readUInt8(at + 1) & 0x7f
    const extended = short === 126 ? 2 : short === 127 ? 8 : 0
    const start = at + 2 + extended
    if (start > bytes.length) return
    const length = extended === 0 ? short : bytes.readUIntBE(extended === 8 ? at + 4 : at + 2, extended === 8 ? 6 : 2)
    if (start + length > bytes.length) return
    const opcode = head & 0x0f
    if (opcode === TEXT || opcode === CONTINUATION) {
      pieces.push(bytes.subarray(start, start + length))
      if ((head & FINAL) !== 0) {
        yield Buffer.concat(pieces).toString()
        pieces = []
      }
    }
    at = start + length
  }
}
