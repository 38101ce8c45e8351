/** What a node reads of a packet beside routing: for lists, look-up and business statuses. */
import { RelayError } from '@lienthong/core'
import { type PacketHeader, readHeader } from '@lienthong/edxml'
import type { BusinessStatus, Headline } from '@lienthong/store'

/** The header for lists and statuses; null for a payload this node cannot read, which is delivered all the same. */
export async function headerOf(source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<PacketHeader | null> {
  try {
    return await readHeader(toAsync(source))
  } catch (error) {
    if (error instanceof RelayError) return null
    throw error
  }
}

async function* toAsync(source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* source
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
