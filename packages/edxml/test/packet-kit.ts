/** Packets as bytes, made by hand. */
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
