/** Packets that say something about an earlier document, as the software of its sender writes them. */
import { buffer } from 'node:stream/consumers'
import { documentTypes, type OrganId } from '@lienthong/core'
import { type DocumentPacket, writeDocument } from '@lienthong/edxml'

/** Also a whole document of its own, with the running number of its sender. */
export interface PacketAbout {
  readonly from: OrganId
  readonly to: readonly OrganId[]
  readonly number: number
}

export function packetAbout(
  { from, to, number }: PacketAbout,
  about: Pick<DocumentPacket, 'businessType' | 'business'> & { readonly documentId?: string },
): Promise<Buffer> {
  return buffer(
    writeDocument({
      from: { organId: from, organName: from },
      to: to.map((organId) => ({ organId, organName: organId })),
      documentId: `${from},2025/07/02,${number}/UBND-VP`,
      code: { number: String(number), notation: 'UBND-VP' },
      promulgationDate: '2025/07/02',
      documentType: { type: 1, typeName: 'Công văn' },
      subject: 'Về việc văn bản đã gửi',
      signer: { fullName: 'Người ký thử nghiệm' },
      attachments: [{ name: 'a.txt', contentType: 'text/plain', content: Buffer.from('Văn bản') }],
      ...about,
    }),
  )
}

/** Stands for the document of this id, for all that get it. */
export function replacementOf(documentId: string, packet: PacketAbout): Promise<Buffer> {
  const business = { replacements: [{ documentId, organIds: packet.to }] }
  return packetAbout(packet, { businessType: documentTypes.replacement, business })
}
