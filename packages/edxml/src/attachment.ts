import { RelayError } from '@lienthong/core'
import { type AttachmentFile, type FileFacts, openAttachmentFile } from './attachment-file.ts'
import { refusalOf } from './attachment-refusal.ts'
import { safeFileName } from './file-name.ts'
import { agrees, claimedTypes, isArchive, isProgram } from './file-type.ts'
import type { AttachmentLimits } from './limits.ts'
import type { PacketEvents } from './packet-events.ts'
import type { AttachmentClaims } from './packet-sink.ts'
import type { PacketWarning } from './warning.ts'

/** All that is known of an attachment once its element has ended. */
export interface AttachmentFacts extends AttachmentClaims {
  /** Null when the content was refused, or nobody asked for it before the next part. */
  readonly file: FileFacts | null
  readonly warnings: readonly PacketWarning[]
}

/** One attachment while the reader stands at it: until the next part is asked for. */
export interface AttachmentPart {
  readonly kind: 'attachment'
  /** Place among the attachments, from 1. */
  readonly number: number
  /** What the packet says of it in front of its content; the rest comes with `facts`. */
  readonly claims: AttachmentClaims
  /**
   * The file's bytes, unzipped, once; a piece is good until the next is asked for. Nothing of the file is
   * to be believed before the end has come: it may still turn out cut short or changed. Throws
   * ATTACHMENT_UNREADABLE with the code of the warning in `detail.why`, and whatever `readPacket` throws.
   */
  readonly content: AsyncIterable<Uint8Array>
  /** Reads to the attachment's end, first what is left of its content. Throws what `readPacket` throws. */
  facts(): Promise<AttachmentFacts>
}

/** The part, and how its owner leaves it. */
export interface OpenAttachment {
  readonly part: AttachmentPart
  /** Gives no more content; facts already asked for come first. */
  leave(): Promise<void>
  /** After `leave`: reads on to the attachment's end without decoding. */
  pass(): Promise<void>
}

export function openAttachment(
  events: PacketEvents,
  given: { readonly number: number; readonly claims: AttachmentClaims },
  limits: Required<AttachmentLimits>,
): OpenAttachment {
  const { number } = given
  let claims = given.claims
  let ended = false
  let left = false
  let begun = false
  let refusal: PacketWarning | null = null
  let known: Promise<AttachmentFacts> | null = null
  const file: AttachmentFile = openAttachmentFile(pullText, limits)

  async function pullText(): Promise<Uint8Array | null> {
    if (ended) return null
    const event = await events.next()
    if (event?.kind === 'content') return event.bytes
    if (event?.kind === 'attachment-end') claims = event.claims
    ended = true
    return null
  }

  async function nextPiece(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (left) throw new RelayError('INTERNAL', { detail: { why: `attachment ${number} has been left` } })
    try {
      return await file.pieces.next()
    } catch (cause) {
      const refused = refusalOf(cause)
      if (refused === null) throw cause
      refusal = refused
      throw new RelayError('ATTACHMENT_UNREADABLE', { detail: { number, why: refused.code, ...refused.detail }, cause })
    }
  }

  async function finish(): Promise<AttachmentFacts> {
    try {
      while ((await nextPiece()).done !== true);
    } catch (cause) {
      if (refusalOf(cause) === null) throw cause
    }
    while (!ended) await pullText()
    return factsOf(claims, file, refusal)
  }

  return {
    part: {
      kind: 'attachment',
      number,
      claims,
      content: {
        [Symbol.asyncIterator]() {
          if (begun) throw new RelayError('INTERNAL', { detail: { why: `attachment ${number} is being read` } })
          begun = true
          // Leaving early closes nothing: `facts` may still want the rest.
          return { next: nextPiece }
        },
      },
      facts() {
        begun = true
        known ??= left ? Promise.resolve(factsOf(claims, file, refusal)) : finish()
        return known
      },
    },
    async leave() {
      await known?.catch(() => undefined)
      left = true
      await file.pieces.return(undefined)
    },
    async pass() {
      while (!ended) await pullText()
    },
  }
}

function factsOf(
  claims: AttachmentClaims,
  { facts, corrupted }: AttachmentFile,
  refusal: PacketWarning | null,
): AttachmentFacts {
  const warnings: PacketWarning[] = [...nameWarnings(claims.name)]
  const warn = (code: PacketWarning['code'], detail: PacketWarning['detail'] = {}): void => {
    warnings.push({ code, detail })
  }
  if (facts === null) {
    if (corrupted) warn('ATTACHMENT_CORRUPTED')
    if (refusal !== null) warnings.push(refusal)
    return { ...claims, file: null, warnings }
  }
  const { type: real, size, zipped } = facts
  if (size === 0) warn('ATTACHMENT_EMPTY')
  else {
    if (!zipped) warn('ATTACHMENT_NOT_ZIPPED')
    if (corrupted) warn('ATTACHMENT_CORRUPTED')
    const differing = claimedTypes(claims.name, claims.contentType).find((claimed) => !agrees(claimed, real))
    if (differing !== undefined) warn('ATTACHMENT_TYPE_DIFFERS', { declared: differing, real })
  }
  if (isArchive(real)) warn('ATTACHMENT_ARCHIVE', { real })
  if (isProgram(real)) warn('ATTACHMENT_PROGRAM', { real })
  return { ...claims, file: facts, warnings }
}

function nameWarnings(name: string | null): readonly PacketWarning[] {
  if (name === null) return [{ code: 'ATTACHMENT_NAME_MISSING', detail: {} }]
  const safe = safeFileName(name)
  return safe === name.normalize('NFC') ? [] : [{ code: 'ATTACHMENT_NAME_UNSAFE', detail: { safe } }]
}
