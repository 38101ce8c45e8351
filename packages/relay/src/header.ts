/** What a node reads of a packet beside routing: for lists, look-up and business statuses. */
import { changeWanted, documentTypes, RelayError, statusCodes } from '@lienthong/core'
import {
  codeText,
  type DocumentTarget,
  openHeaderReader,
  type PacketHeader,
  readHeader,
  replacedDocuments,
  targetsOf,
} from '@lienthong/edxml'
import type { BusinessStatus, DocumentName, Headline } from '@lienthong/store'

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
  return { subject: header.subject, number: codeText(header), date: header.promulgationDate }
}

/** Ways an earlier document is looked for, at most; a packet may name thousands. */
const maxNames = 8
/** Characters kept of a reason [NĐ 30/2020, Phụ lục VI]. */
const maxDescription = 500

/** What a status packet says about a document of those it goes to; null for any other, and for what only the sender of a document may say. */
export function businessStatusOf(header: PacketHeader | null): BusinessStatus | null {
  if (header?.kind !== 'status' || header.statusCode === null || header.statusCode === statusCodes.takeBack) return null
  return statusAbout(targetsOf(header), header.statusCode, header.description)
}

/** What a sender asks about its own earlier document: to take it back, to recall it or to update it; null for any other packet. */
export function changeAskedBy(header: PacketHeader, to: readonly string[] = []): BusinessStatus | null {
  const asks =
    header.kind === 'status'
      ? header.statusCode === statusCodes.takeBack
      : header.businessType === documentTypes.recall || header.businessType === documentTypes.update
  if (!asks) return null
  return statusAbout(targetsOf(header, { to }), statusCodes.takeBack, header.description ?? header.business.reason)
}

/** Documents that a recall, an update, a replacement or a take-back is about, each by the names it may have; null for any other packet. */
export function documentsMeant(
  header: PacketHeader,
  to: readonly string[],
): readonly (readonly DocumentName[])[] | null {
  const wanted = changeWanted({ kind: header.kind, businessType: businessTypeOf(header) })
  if (wanted === null) return null
  const each =
    header.kind === 'document' && header.businessType === documentTypes.replacement
      ? replacedDocuments(header, { to }).map(({ targets }) => targets)
      : [targetsOf(header, { to })]
  return each.map((targets) => targets.flatMap(nameOf).slice(0, maxNames))
}

/** As a core has it: of a status its code. */
export function businessTypeOf(header: PacketHeader): number {
  return header.kind === 'status' ? (header.statusCode ?? 0) : header.businessType
}

function statusAbout(
  targets: readonly DocumentTarget[],
  code: number,
  description: string | null,
): BusinessStatus | null {
  const about = targets.flatMap(nameOf).slice(0, maxNames)
  return about.length === 0 ? null : { about, code, description: description?.slice(0, maxDescription) ?? null }
}

/** A number alone names one document a year. */
function nameOf({ documentId, code: number, date }: DocumentTarget): readonly DocumentName[] {
  if (documentId !== null) return [{ documentId }]
  return number === null || date === null ? [] : [{ number, date }]
}
