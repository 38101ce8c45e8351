/** What a packet turns out to hold. */
import { type AttachmentFacts, type AttachmentLimits, type PacketHeader, readPacket } from '../src/index.ts'
import { collect } from './fixture.ts'

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
