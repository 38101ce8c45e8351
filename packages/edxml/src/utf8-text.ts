import { isUtf8 } from 'node:buffer'
import { notEdxml } from './not-edxml.ts'

/** Takes decoded text; true when it wants no more. */
export type TextTaker = (text: string) => boolean

/**
 * Decodes a byte stream as strict UTF-8 and hands it on in slices, so that neither where the chunks
 * were cut nor what follows the last wanted character changes the outcome: bytes past the point where
 * the taker says stop are never judged.
 */
export interface Utf8Text {
  /** True when the taker wants no more. Throws NOT_EDXML `not-utf8`. */
  write(chunk: Uint8Array): boolean
  /** True when a character is still incomplete. */
  readonly pending: boolean
}

/** Bytes decoded at a time: what a taker that stops early makes us decode for nothing, at most. */
const sliceBytes = 16 * 1024

export function openUtf8Text(take: TextTaker): Utf8Text {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let carried: Uint8Array = new Uint8Array(0)

  function takeSlice(bytes: Uint8Array): boolean {
    let text: string
    try {
      text = decoder.decode(bytes)
    } catch (cause) {
      // The last wanted character, or another fault, may come before the bad byte.
      if (take(decoder.decode(bytes.subarray(0, soundLength(bytes))))) return true
      throw notEdxml('not-utf8', {}, cause)
    }
    return take(text)
  }

  /** Halves the slice until the bad byte is found: it is there, so this is 14 decodings at most. */
  function soundLength(bytes: Uint8Array): number {
    let sound = 0
    let faulty = bytes.length
    while (faulty - sound > 1) {
      const middle = (sound + faulty) >>> 1
      if (isUtf8(bytes.subarray(0, wholeCharacters(bytes.subarray(0, middle))))) sound = middle
      else faulty = middle
    }
    return wholeCharacters(bytes.subarray(0, sound))
  }

  return {
    write(chunk) {
      for (let start = 0; start < chunk.length; start += sliceBytes) {
        const slice = chunk.subarray(start, start + sliceBytes)
        const bytes = carried.length === 0 ? slice : join(carried, slice)
        const whole = wholeCharacters(bytes)
        carried = bytes.slice(whole)
        if (whole > 0 && takeSlice(bytes.subarray(0, whole))) return true
      }
      return false
    },
    get pending() {
      return carried.length > 0
    },
  }
}

/** Length of `bytes` without a character cut off at its end. A malformed end counts as whole: decoding will tell. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return needed > back ? bytes.length - back : bytes.length
    }
  }
  return bytes.length
}

function join(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const joined = new Uint8Array(head.length + tail.length)
  joined.set(head)
  joined.set(tail, head.length)
  return joined
}
