import { isUtf8 } from 'node:buffer'
import { notEdxml } from './not-edxml.ts'

/** Takes what is decoded, or tells that it needs no decoding. */
export interface TextTaker {
  /** Takes decoded text; true when it wants no more. */
  write(text: string): boolean
  /** Whether it is in the middle of text that it wants as bytes, up to the next `<`. */
  readonly passing: boolean
  /** While `passing`: sound UTF-8 without a `<`. */
  pass(bytes: Uint8Array): void
}

/**
 * Takes a byte stream for strict UTF-8 and hands it on decoded, in slices, so that neither where the
 * chunks were cut nor what follows the last wanted character changes the outcome: bytes past the point
 * where the taker says stop are never judged.
 *
 * What the taker wants as bytes is not decoded, but judged all the same. Finding the next `<` and
 * checking UTF-8 are done by Node natively, at some GB/s; decoding and parsing run at a hundredth of it.
 */
export interface Utf8Text {
  /** True when the taker wants no more. Throws NOT_EDXML `not-utf8`. */
  write(chunk: Uint8Array): boolean
  /** True when a character is still incomplete. */
  readonly pending: boolean
}

/** Bytes decoded at a time: what a taker that stops early makes us decode for nothing, at most. */
const sliceBytes = 16 * 1024
const lessThan = 0x3c
const nothing: Uint8Array = new Uint8Array(0)

/** Without `stream` it keeps nothing between calls. Making one takes 10 µs, a small header 150. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function openUtf8Text(taker: TextTaker): Utf8Text {
  let carried = nothing

  function takeSlice(bytes: Uint8Array): boolean {
    let text: string
    try {
      text = decoder.decode(bytes)
    } catch (cause) {
      // The last wanted character, or another fault, may come before the bad byte.
      if (taker.write(decoder.decode(bytes.subarray(0, soundLength(bytes))))) return true
      throw notEdxml('not-utf8', {}, cause)
    }
    return taker.write(text)
  }

  /** Passes on what lies between `at` and the next `<`; returns where it stopped. */
  function passFrom(chunk: Buffer, at: number): number {
    const found = chunk.indexOf(lessThan, at)
    const stop = found < 0 ? chunk.length : found
    const bytes = chunk.subarray(at, stop)
    const whole = found < 0 ? wholeCharacters(bytes) : bytes.length
    const sound = bytes.subarray(0, whole)
    if (!isUtf8(sound)) {
      taker.pass(sound.subarray(0, soundLength(sound)))
      throw notEdxml('not-utf8')
    }
    if (whole > 0) taker.pass(sound)
    carried = copyOf(bytes.subarray(whole))
    return stop
  }

  /** Decodes from `at` on; returns where it stopped, or -1 when the taker wants no more. */
  function decodeFrom(chunk: Buffer, at: number): number {
    const slice = chunk.subarray(at, at + sliceBytes)
    const bytes = carried.length === 0 ? slice : Buffer.concat([carried, slice])
    const whole = wholeCharacters(bytes)
    carried = copyOf(bytes.subarray(whole))
    if (whole > 0 && takeSlice(bytes.subarray(0, whole))) return -1
    return at + slice.length
  }

  return {
    write(chunk) {
      const bytes = asBuffer(chunk)
      let at = 0
      while (at < bytes.length) {
        if (taker.passing && carried.length === 0 && bytes[at] !== lessThan) at = passFrom(bytes, at)
        else at = decodeFrom(bytes, at)
        if (at < 0) return true
      }
      return false
    },
    get pending() {
      return carried.length > 0
    },
  }
}

/** Halves the bytes until the bad one is found: some twenty checks at most. */
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

/** The same memory with Buffer's native search. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** A source may use its buffer again once we ask for more. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return bytes.length === 0 ? nothing : new Uint8Array(bytes)
}
