/**
 * Text from outside, made safe to show.
 *
 * A terminal obeys escape sequences, and a reader of a log trusts that one line is one entry. Control
 * characters, line and paragraph separators, and the characters that reorder or hide text (bidi
 * controls, zero-width and tag characters) are therefore shown as escapes, everywhere the program
 * prints or logs.
 */

/** Controls, format characters (bidi, zero-width, tags), line and paragraph separators, halves of pairs. */
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu

/** One line, every unsafe character as `\uXXXX`. Vietnamese and other letters stay as they are. */
export function printable(text: string): string {
  return text.replace(unsafe, escapeUnits)
}

/** JSON on one line, or indented, with the same characters escaped; any JSON parser gives them back. */
export function printableJson(value: unknown, indent?: number): string {
  // JSON.stringify leaves a newline only where it indents, so those are not text from outside.
  return JSON.stringify(value ?? null, null, indent)
    .split('\n')
    .map(printable)
    .join('\n')
}

function escapeUnits(text: string): string {
  let escaped = ''
  for (let index = 0; index < text.length; index += 1) {
    escaped += `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`
  }
  return escaped
}
