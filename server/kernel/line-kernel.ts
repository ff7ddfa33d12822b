/**
 * Turns the bytes of log lines into what goes over the wire, sixteen at a time. AssemblyScript, compiled to WebAssembly
 * by ../build/main.ts and called by ../src/lines/line-kernel.ts, which says what its callers may rely on.
 *
 * It keeps nothing in memory: every address is its caller's. The last byte of the input is LF. At most sixteen bytes
 * behind either end are touched: a block begins at or before the end, and a line that came to lie behind it is given up.
 */

/** The address after the last line encoded. */
export let read: usize = 0
/** The address after what was written for it. */
export let written: usize = 0
/** How many lines were encoded. */
export let lines: u32 = 0
/** Not zero if one of them has a byte of 0x80 or above; may tell of the line that did not fit, too. */
export let high: u32 = 0
/** The same of NUL and CR. */
export let odd: u32 = 0

const BLOCK: usize = 16
const CR: u32 = 0x0d
const LF: u32 = 0x0a
const QUOTE: u32 = 0x22
const BACKSLASH: u32 = 0x5c

/** `data: `, and two bytes that are overwritten. */
const DATA_FIELD: u64 = 0x203a61746164
const DATA_FIELD_BYTES: usize = 6
/** `,"` */
const NEXT_STRING: u16 = 0x222c
/** `\u00` */
const CODE_ESCAPE: u32 = 0x3030755c

/** `data: ` before every line. */
export function dataFields(input: usize, inputEnd: usize, output: usize, outputEnd: usize): void {
  begin(input, output)
  let blocks = i8x16.splat(0)
  let oddBlocks = i8x16.splat(0)
  while (input < inputEnd) {
    store<u64>(output, DATA_FIELD)
    output += DATA_FIELD_BYTES
    while (output <= outputEnd) {
      const block = v128.load(input)
      v128.store(output, block)
      const ends = i8x16.bitmask(i8x16.eq(block, i8x16.splat(<i8>LF)))
      if (ends === 0) {
        blocks = v128.or(blocks, block)
        oddBlocks = v128.or(oddBlocks, oddBytes(block))
        input += BLOCK
        output += BLOCK
        continue
      }
      const ours = upToFirst(ends)
      high |= i8x16.bitmask(block) & ours
      odd |= i8x16.bitmask(oddBytes(block)) & ours
      const taken = <usize>ctz(ends) + 1
      input += taken
      output += taken
      break
    }
    if (output > outputEnd) break
    add(input, output)
  }
  high |= i8x16.bitmask(blocks)
  odd |= i8x16.bitmask(oddBlocks)
}

/** Every line as a JSON string, with commas between them. */
export function jsonStrings(input: usize, inputEnd: usize, output: usize, outputEnd: usize): void {
  begin(input, output)
  let blocks = i8x16.splat(0)
  while (input < inputEnd) {
    if (lines === 0) store<u8>(output++, QUOTE)
    else {
      store<u16>(output, NEXT_STRING)
      output += 2
    }
    while (output <= outputEnd) {
      const block = v128.load(input)
      v128.store(output, block)
      const special = i8x16.bitmask(toEscape(block))
      if (special === 0) {
        blocks = v128.or(blocks, block)
        input += BLOCK
        output += BLOCK
        continue
      }
      high |= i8x16.bitmask(block) & upToFirst(special)
      const taken = <usize>ctz(special)
      input += taken
      output += taken
      if (output > outputEnd) break
      const byte = <u32>load<u8>(input++)
      if (byte === LF) {
        store<u8>(output++, QUOTE)
        break
      }
      if (byte === 0 || byte === CR) odd = 1
      output = writeEscape(byte, output)
    }
    if (output > outputEnd) break
    add(input, output)
  }
  high |= i8x16.bitmask(blocks)
}

function begin(input: usize, output: usize): void {
  read = input
  written = output
  lines = 0
  high = 0
  odd = 0
}

function add(input: usize, output: usize): void {
  read = input
  written = output
  lines += 1
}

/** The lowest bit that is set and all below it; all bits if none is set. */
function upToFirst(mask: u32): u32 {
  return mask ^ (mask - 1)
}

function oddBytes(block: v128): v128 {
  return v128.or(i8x16.eq(block, i8x16.splat(0)), i8x16.eq(block, i8x16.splat(<i8>CR)))
}

/** What JSON does not take as it is, LF among it. */
function toEscape(block: v128): v128 {
  const quotes = i8x16.eq(block, i8x16.splat(<i8>QUOTE))
  const backslashes = i8x16.eq(block, i8x16.splat(<i8>BACKSLASH))
  const controls = i8x16.lt_u(block, i8x16.splat(0x20))
  return v128.or(controls, v128.or(quotes, backslashes))
}

/** Writes the escape of a byte, and gives the address after it. */
function writeEscape(byte: u32, output: usize): usize {
  const letter = escapeLetter(byte)
  if (letter !== 0) {
    store<u16>(output, BACKSLASH | (letter << 8))
    return output + 2
  }
  store<u32>(output, CODE_ESCAPE)
  store<u8>(output + 4, hexDigit(byte >> 4))
  store<u8>(output + 5, hexDigit(byte & 0xf))
  return output + 6
}

/** What follows the backslash in an escape of two letters; 0 for a byte that has none. */
function escapeLetter(byte: u32): u32 {
  switch (byte) {
    case 0x08:
      return 0x62 // b
    case 0x09:
      return 0x74 // t
    case 0x0c:
      return 0x66 // f
    case CR:
      return 0x72 // r
    case QUOTE:
    case BACKSLASH:
      return byte
    default:
      return 0
  }
}

function hexDigit(value: u32): u32 {
  return value < 10 ? 0x30 + value : 0x57 + value
}
