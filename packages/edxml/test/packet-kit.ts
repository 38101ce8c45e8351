import { type AttachmentFacts, type AttachmentLimits, type PacketHeader, readPacket } from '../src/index.ts'
import { collect } from './fixture.ts'

const namespace = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'

export const envelope =
  '<edXMLEnvelope><edXMLHeader><MessageHeader><From><OrganId>H29</OrganId></From><To><OrganId>H26</OrganId></To>' +
  '<DocumentId>d</DocumentId></MessageHeader></edXMLHeader></edXMLEnvelope>'

/** A packet with these elements beside or in place of its envelope. */
export function packetOf(...children: readonly string[]): Buffer {
  return Buffer.from(`<edXML xmlns="${namespace}">${children.join('')}</edXML>`)
}

/** A packet whose one attachment has this as its encoded content. */
export function packetWithText(encoded: string, name = 'a.pdf', contentType = 'application/zip'): Buffer {
  return packetOf(
    envelope,
    `<AttachmentEncoded><Attachment><ContentId>cid:1</ContentId><AttachmentName>${name}</AttachmentName>` +
      `<ContentType>${contentType}</ContentType><ContentTransferEncoded>${encoded}</ContentTransferEncoded>` +
      '</Attachment></AttachmentEncoded>',
  )
}

export function packetWithPayload(payload: Uint8Array, name?: string, contentType?: string): Buffer {
  return packetWithText(Buffer.from(payload).toString('base64'), name, contentType)
}

/** The same bytes in chunks of that size. */
export async function* inChunks(bytes: Uint8Array, chunkBytes: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
}

export interface ReadAttachment {
  readonly content: Buffer | null
  readonly why: unknown
  readonly facts: AttachmentFacts
}

/** Everything a packet holds; `why` is the code its content was refused with. */
export async function readAll(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  limits?: AttachmentLimits,
): Promise<{ readonly header: PacketHeader | null; readonly attachments: readonly ReadAttachment[] }> {
  let header: PacketHeader | null = null
  const attachments: ReadAttachment[] = []
  for await (const part of readPacket(source, limits)) {
    if (part.kind === 'header') {
      header = part.header
      continue
    }
    let content: Buffer | null = null
    let why: unknown = null
    try {
      content = await collect(part.content)
    } catch (cause) {
      const { code, detail } = cause as { readonly code: unknown; readonly detail: { readonly why: unknown } }
      if (code !== 'ATTACHMENT_UNREADABLE') throw cause
      why = detail.why
    }
    attachments.push({ content, why, facts: await part.facts() })
  }
  return { header, attachments }
}

/** The only attachment. */
export async function readOne(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  limits?: AttachmentLimits,
): Promise<ReadAttachment> {
  const { attachments } = await readAll(source, limits)
  const [first] = attachments
  if (first === undefined || attachments.length !== 1) throw new Error(`${attachments.length} attachments`)
  return first
}

export function codesOf(facts: AttachmentFacts): readonly string[] {
  return facts.warnings.map(({ code }) => code)
}
