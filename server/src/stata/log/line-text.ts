/** Log lines as they come: with carriage returns, terminal escapes and, now and then, megabytes without an end. */

/** Of a line no more than this many characters are ever examined; echoes and messages are far shorter. */
const MAX_EXAMINED_CHARS = 4_096

const CARRIAGE_RETURN = 13
const BYTE_ORDER_MARK = 0xfeff

// Control sequences (CSI), operating system commands (OSC) and the two-character escapes of terminals.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
const TERMINAL_ESCAPE = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_=>])/g

/** The line as a reader sees it, cut at MAX_EXAMINED_CHARS. Returns the same string when there is nothing to do. */
export function cleanLine(line: string): string {
  let text = line.length > MAX_EXAMINED_CHARS ? line.slice(0, MAX_EXAMINED_CHARS) : line
  if (text.includes('\u001b')) text = text.replace(TERMINAL_ESCAPE, '')
  if (text.charCodeAt(text.length - 1) === CARRIAGE_RETURN) text = text.replace(/\r+$/, '')
  if (text.charCodeAt(0) === BYTE_ORDER_MARK) text = text.slice(1)
  return text
}
