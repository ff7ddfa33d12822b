/**
 * Text from outside, made safe to show in an error message, a terminal or a log.
 *
 * JSON escapes C0 controls and lone surrogates; this adds what JSON leaves alone and terminals, editors or line-based
 * readers act on: DEL, C1 controls (0x9b starts an escape sequence), U+2028/2029, and marks that reorder or hide text.
 */

const UNPRINTABLE = /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

/** JSON on one line, with nothing in it that a terminal or a log reader would act on. Longer texts are cut. */
export function printableJson(value: unknown, maxLength: number): string {
  const json = JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' && part.length > maxLength ? `${part.slice(0, maxLength)}…` : part,
  )
  return json.replace(UNPRINTABLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A text in double quotes, escaped, and cut after so many characters. */
export function quoted(text: string, maxLength = 200): string {
  return printableJson(text, maxLength)
}
