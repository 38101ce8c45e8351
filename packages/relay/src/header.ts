/** What a node reads of a packet beside routing: for lists, look-up and business statuses. */
import { RelayError } from '@lienthong/core'
import { openHeaderReader, type PacketHeader, readHeader } from '@lienthong/edxml'
import type { BusinessStatus, Headline } from '@lienthong/store'

/** The header for lists and statuses; null for a payload this node cannot read, which is delivered all the same. */
export async function headerOf(source: AsyncIterable<Uint8Array>): Promise<PacketHeader | null> {
  try {
    return await readHeader(source)
  } catch (error) {
    if (error instanceof RelayError) return null
    throw error
  }
}

/** The same of a whole payload, at once: who waits could be overtaken. */
export function headerIn(payload: Uint8Array): PacketHeader | null {
  try {
    const reader = openHeaderReader()
    reader.write(payload)
    return reader.end()
  } catch (error) {
    if (error instanceof RelayError) return null
    throw error
  }
}

export function headlineOf(header: PacketHeader | null): Headline {
  if (header === null) return { subject: null, number: null, date: null }
  const { number, notation } = header.code
  return {
    subject: header.subject,
    number: number === null ? null : notation === null ? number : `${number}/${notation}`,
    date: header.promulgationDate,
  }
}

/** What a status packet says about the document it answers; null for any other. */
export function businessStatusOf(header: PacketHeader | null): BusinessStatus | null {
  const documentId = header?.responseFor[0]?.documentId ?? null
  if (header?.kind !== 'status' || header.statusCode === null || documentId === null) return null
  return { documentId, from: header.from.organId, code: header.statusCode }
}
