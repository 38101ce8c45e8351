import { type HeaderSink, openHeaderSink, written } from './header-sink.ts'
import type { AttachmentLimits, ReaderLimits } from './limits.ts'
import { notEdxml } from './not-edxml.ts'
import type { PacketHeader } from './packet.ts'
import { isPacketNamespace } from './vocabulary.ts'
import type { PacketWarning } from './warning.ts'
import type { XmlSink } from './xml-stream.ts'

/** What the packet says about one attachment. As written, without surrounding white space; empty becomes null. */
export interface AttachmentClaims {
  /** Without the `cid:` some producers put in front. */
  readonly contentId: string | null
  readonly name: string | null
  readonly description: string | null
  /** Of the file, or of the zip around it: producers differ. */
  readonly contentType: string | null
}

/** A packet in order of appearance. The claims of `attachment` are those in front of its content. */
export type PacketEvent =
  | { readonly kind: 'header'; readonly header: PacketHeader; readonly warnings: readonly PacketWarning[] }
  | { readonly kind: 'attachment'; readonly claims: AttachmentClaims }
  | { readonly kind: 'content'; readonly bytes: Uint8Array }
  | { readonly kind: 'attachment-end'; readonly claims: AttachmentClaims }

type Place = 'root' | 'envelope' | 'attachments' | 'attachment' | 'claim' | 'content'

const noClaims: AttachmentClaims = { contentId: null, name: null, description: null, contentType: null }

const claimNames: ReadonlyMap<string, keyof AttachmentClaims> = new Map([
  ['ContentId', 'contentId'],
  ['AttachmentName', 'name'],
  ['Description', 'description'],
  ['ContentType', 'contentType'],
])

/** Children of an attachment of which two readers could take different ones. */
const once: ReadonlySet<string> = new Set(['ContentId', 'AttachmentName', 'ContentTransferEncoded'])

export type SinkLimits = Required<ReaderLimits> & Required<AttachmentLimits>

/** Turns XML events into packet events: the envelope is the header sink's, the rest is attachments or skipped. */
export function openPacketSink(limits: SinkLimits, emit: (event: PacketEvent) => void): XmlSink {
  const header: HeaderSink = openHeaderSink(limits)
  const places: Place[] = []
  const seenBesideEnvelope = new Set<string>()
  let seenInAttachment = new Set<string>()
  let rootUri = ''
  let headerDone = false
  let count = 0
  let announced = false
  let claims = noClaims
  let claim: keyof AttachmentClaims = 'name'
  let text = ''

  function enter(place: Place): 'read' {
    places.push(place)
    return 'read'
  }

  function openRoot(local: string, uri: string, prefix: string): 'read' {
    header.open(local, uri, prefix)
    rootUri = uri
    return enter(local === 'edXML' ? 'root' : 'envelope')
  }

  function openInEnvelope(local: string, uri: string, prefix: string): 'read' | 'skip' | 'raw' {
    const wish = header.open(local, uri, prefix)
    if (wish === 'read') places.push('envelope')
    return wish
  }

  function openBesideEnvelope(local: string, uri: string, prefix: string): 'read' | 'skip' | 'raw' {
    if (!isPacketNamespace(uri, rootUri)) return 'skip'
    if (local === 'AttachmentEncoded') {
      admitOnce(seenBesideEnvelope, local)
      return enter('attachments')
    }
    if (local !== 'edXMLEnvelope') return 'skip'
    admitOnce(seenBesideEnvelope, local)
    return openInEnvelope(local, uri, prefix)
  }

  function openAttachment(): 'read' {
    count++
    if (count > limits.maxAttachments) throw notEdxml('too-many-attachments', { limit: limits.maxAttachments })
    claims = noClaims
    announced = false
    seenInAttachment = new Set()
    return enter('attachment')
  }

  function openInAttachment(local: string): 'read' | 'skip' | 'raw' {
    if (once.has(local)) admitOnce(seenInAttachment, local)
    if (local === 'ContentTransferEncoded') {
      announce()
      enter('content')
      return 'raw'
    }
    const name = claimNames.get(local)
    if (name === undefined) return 'skip'
    claim = name
    text = ''
    return enter('claim')
  }

  function announce(): void {
    if (!announced) emit({ kind: 'attachment', claims })
    announced = true
  }

  function closeClaim(): void {
    const value = written(text)
    // The first of several wins, where several may stand.
    if (claims[claim] !== null) return
    claims = { ...claims, [claim]: claim === 'contentId' ? withoutScheme(value) : value }
  }

  function closeInEnvelope(): void {
    header.close()
    if (headerDone || !header.complete) return
    headerDone = true
    emit({ kind: 'header', header: header.finish(), warnings: header.warnings })
  }

  return {
    open(local, uri, prefix) {
      const parent = places.at(-1)
      switch (parent) {
        case undefined:
          return openRoot(local, uri, prefix)
        case 'root':
          return openBesideEnvelope(local, uri, prefix)
        case 'envelope':
          return openInEnvelope(local, uri, prefix)
        case 'attachments':
          return local === 'Attachment' && isPacketNamespace(uri, rootUri) ? openAttachment() : 'skip'
        case 'attachment':
          return isPacketNamespace(uri, rootUri) ? openInAttachment(local) : 'skip'
        default:
          throw notEdxml('mixed-content', { field: claim })
      }
    },
    close() {
      switch (places.pop()) {
        case 'envelope':
          closeInEnvelope()
          break
        case 'claim':
          closeClaim()
          break
        case 'attachment':
          announce()
          emit({ kind: 'attachment-end', claims })
          break
        default:
      }
      return false
    },
    text(piece) {
      const place = places.at(-1)
      if (place === 'envelope') header.text(piece)
      if (piece.length > limits.maxFieldLength) throw tooLong()
      if (place !== 'claim') return
      text += piece
      if (text.length > limits.maxFieldLength) throw tooLong()
    },
    raw(piece) {
      // Never as latin1: a letter beyond it would come out as one of base64's.
      emit({ kind: 'content', bytes: typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece })
    },
    aside() {
      const place = places.at(-1)
      if (place === 'envelope') header.aside()
      if (place === 'claim' || place === 'content') throw notEdxml('mixed-content', { field: place })
    },
  }

  function tooLong(): Error {
    return notEdxml('field-too-long', { field: claim, limit: limits.maxFieldLength })
  }
}

function admitOnce(seen: Set<string>, local: string): void {
  if (seen.has(local)) throw notEdxml('duplicate', { field: local })
  seen.add(local)
}

function withoutScheme(contentId: string | null): string | null {
  return contentId === null ? null : written(contentId.replace(/^cid:/i, ''))
}
