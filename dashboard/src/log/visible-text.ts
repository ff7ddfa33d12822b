/**
 * Log text as it may be put on a page. A log may hold any character: control characters, of which the browser shows
 * nothing, are shown as their pictures (U+2400 …), and those that turn the direction of text around, or have no width,
 * are named, so that a line can neither hide a part of itself nor reach beyond itself.
 */

const CONTROL_PICTURES = 0x2400
const PICTURE_OF_DELETE = '\u2421'

/** C0 but for the tab, DEL, C1, and the invisible characters and bidirectional controls of Unicode (UAX 9, UTS 39). */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

export function visibleText(text: string): string {
  return text.replace(INVISIBLE, picture)
}

function picture(character: string): string {
  const code = character.charCodeAt(0)
  if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code)
  if (code === 0x7f) return PICTURE_OF_DELETE
  return `<${code.toString(16).toUpperCase().padStart(4, '0')}>`
}
