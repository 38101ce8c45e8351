import { refuseAttachment } from './attachment-refusal.ts'

/**
 * Strict base64 in pieces. White space may stand anywhere, also as the references XML writers make of it
 * (`&#13;`); anything else outside the alphabet, the URL-safe letters included, and padding that is
 * missing or misplaced is refused: decoders in the field skip such things each in its own way.
 */
export interface Base64Decoder {
  /** Bytes told by what came so far. Throws ATTACHMENT_BASE64_INVALID. */
  write(characters: Uint8Array): Buffer
  /** The last bytes. Throws ATTACHMENT_BASE64_INVALID. */
  end(): Buffer
}

const letter = 0
const space = 1
const padding = 2
const reference = 4
const illegal = 8

const kinds = new Uint8Array(256).fill(illegal)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') {
  kinds[character.charCodeAt(0)] = letter
}
for (const character of ' \t\r\n') kinds[character.charCodeAt(0)] = space
kinds['='.charCodeAt(0)] = padding
kinds['&'.charCodeAt(0)] = reference

const ampersand = 0x26
const semicolon = 0x3b
const spaceReference = /^&#(?:0*(?:9|10|13|32)|x0*(?:9|a|d|20));$/i
/** `&#x0020;` and a few zeros more. */
const maxReferenceLength = 12

export function openBase64Decoder(): Base64Decoder {
  /** Letters that do not make three bytes yet. */
  let held = ''
  let paddings = 0
  let openReference = ''
  let position = 0

  /** Only the letters; what else is allowed is taken out. */
  function lettersOf(characters: Uint8Array): Uint8Array {
    const letters = new Uint8Array(characters.length)
    let count = 0
    for (let at = 0; at < characters.length; at++) {
      const byte = characters[at] ?? 0
      if (openReference !== '' || byte === ampersand) {
        takeReference(byte, position + at)
        continue
      }
      const kind = kinds[byte]
      if (kind === space) continue
      if (kind === padding && paddings < 2) paddings++
      else if (kind === letter && paddings === 0) letters[count++] = byte
      else throw invalid(position + at)
    }
    return letters.subarray(0, count)
  }

  function takeReference(byte: number, at: number): void {
    openReference += String.fromCharCode(byte)
    if (byte === semicolon) {
      if (!spaceReference.test(openReference)) throw invalid(at)
      openReference = ''
    } else if (openReference.length > maxReferenceLength) throw invalid(at)
  }

  return {
    write(characters) {
      const clean = openReference === '' && paddings === 0 && isLetters(characters)
      const letters = clean ? characters : lettersOf(characters)
      position += characters.length
      const text = held + Buffer.from(letters.buffer, letters.byteOffset, letters.length).toString('latin1')
      const whole = text.length - (text.length % 4)
      held = text.slice(whole)
      return Buffer.from(text.slice(0, whole), 'base64')
    },
    end() {
      const missing = held.length === 0 ? 0 : 4 - held.length
      if (openReference !== '' || missing > 2 || paddings !== missing) throw invalid(position)
      return Buffer.from(held, 'base64')
    },
  }
}

/** Two thirds of the time of all decoding if it left the loop at the first other character. */
function isLetters(characters: Uint8Array): boolean {
  let seen = 0
  for (let at = 0; at < characters.length; at++) seen |= kinds[characters[at] ?? 0] ?? 0
  return seen === 0
}

function invalid(at: number): Error {
  return refuseAttachment('ATTACHMENT_BASE64_INVALID', { at })
}
