/** Bytes of UTF-8 a name may have: below the 255 of common file systems, so that a caller may add something. */
const maxNameBytes = 200
const maxExtensionBytes = 20
const fallbackName = 'attachment'

/** Names Windows keeps for devices, whatever follows the first dot. */
const reservedName = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i

/** Controls, format characters (direction marks, zero widths, soft hyphens), halves of surrogates, private use. */
const hiddenCharacters = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Noncharacter_Code_Point}]/gu
const lineBreaks = /[\t\n\v\f\r\u0085\u2028\u2029]+/g
const separators = /[/\\:*?"<>|]/g

/**
 * A name under which a file can be written into a folder on any common system: composed (NFC), no
 * separators, controls, direction marks or device names, no dot or space at either end, at most 200
 * bytes, never empty. The extension survives shortening. The same name gives the same result, and a
 * result gives itself; two names can give one result, case may be all that differs: whoever writes
 * several files into one folder looks out for that.
 */
export function safeFileName(name: string): string {
  const plain = name
    .replace(lineBreaks, ' ')
    .replace(hiddenCharacters, '')
    // After what stood between a letter and its mark is gone.
    .normalize('NFC')
    .replace(separators, '-')
  const bare = shortened(withoutEnds(plain))
  const safe = reservedName.test(bare) ? shortened(`_${bare}`) : bare
  return safe === '' ? fallbackName : safe
}

/** Dots and spaces in front hide a file or lead out of a folder; Windows drops those at the end. */
function withoutEnds(name: string): string {
  let start = 0
  let end = name.length
  while (start < end && isEnd(name[start])) start++
  while (end > start && isEnd(name[end - 1])) end--
  return name.slice(start, end)
}

function isEnd(character: string | undefined): boolean {
  return character === '.' || (character !== undefined && character.trim() === '')
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= maxNameBytes) return name
  const dot = name.lastIndexOf('.')
  const extension = dot > 0 && Buffer.byteLength(name.slice(dot)) <= maxExtensionBytes ? name.slice(dot) : ''
  let room = maxNameBytes - Buffer.byteLength(extension)
  let stem = ''
  for (const character of name.slice(0, name.length - extension.length)) {
    room -= Buffer.byteLength(character)
    if (room < 0) break
    stem += character
  }
  return withoutEnds(`${withoutEnds(stem)}${extension}`)
}
