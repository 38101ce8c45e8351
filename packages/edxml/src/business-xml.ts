import { documentTypes } from '@lienthong/core'
import { fieldText, formatTimestamp, oneOf } from './field-form.ts'
import { notEdxml } from './not-edxml.ts'
import { staffXml } from './organization-xml.ts'
import type { Business, ChangedReceiver, DocumentChange, Replacement, TraceHeader } from './packet.ts'
import type { DocumentPacket, Loose } from './packet-to-write.ts'
import { digit, each, leaf, requiredLeaf, wrap, wrapIfAny } from './xml-write.ts'

const trace = 'TraceHeaderList/TraceHeader'
const root = 'TraceHeaderList/Bussiness'
const change = `${root}/BussinessDocumentInfo`
const replacement = `${root}/ReplacementInfoList/ReplacementInfo`

const { recall, update, replacement: replace } = documentTypes
const types = Object.values(documentTypes)

/** Who let go of the packet and when, and what it does to earlier ones. `Bussiness` is written for new documents too. */
export function traceHeaderListXml(packet: DocumentPacket): string {
  return wrap('TraceHeaderList', each('TraceHeader', traceOf(packet), traceHeader), businessXml(packet))
}

function traceOf(packet: DocumentPacket): readonly Loose<TraceHeader>[] {
  if (packet.trace !== undefined && packet.trace.length > 0) return packet.trace
  if (packet.sentAt === undefined) return []
  return [{ organId: packet.from.organId, timestamp: formatTimestamp(packet.sentAt) }]
}

function traceHeader(visit: Loose<TraceHeader>): string {
  return wrap(
    'TraceHeader',
    requiredLeaf(`${trace}/OrganId`, visit.organId),
    requiredLeaf(`${trace}/Timestamp`, visit.timestamp),
  )
}

function businessXml(packet: DocumentPacket): string {
  const type = oneOf(`${root}/BussinessDocType`, packet.businessType ?? documentTypes.new, types)
  const business = packet.business ?? {}
  refuseMixed(type, business)
  const ownId = fieldText('MessageHeader/DocumentId', packet.documentId)
  return wrap(
    'Bussiness',
    (type === update ? requiredLeaf : leaf)(`${root}/DocumentId`, business.documentId),
    leaf(`${root}/BussinessDocType`, type),
    (type === recall ? requiredLeaf : leaf)(`${root}/BussinessDocReason`, business.reason),
    leaf(`${root}/Paper`, digit(business.paper)),
    each('BussinessDocumentInfo', business.changes, documentChange),
    wrapIfAny(
      'ReplacementInfoList',
      each('ReplacementInfo', business.replacements, (replaced) => replacementInfo(replaced, ownId)),
    ),
    each('StaffInfo', business.staff, (staff) => staffXml(`${root}/StaffInfo`, staff, false)),
  )
}

/** Each type has what it does to earlier documents, and nothing of another: receivers would have to guess. */
function refuseMixed(type: number, { changes = [], replacements = [] }: Loose<Business>): void {
  if (type !== update && changes.length > 0) throw notEdxml('misplaced', { field: 'BussinessDocumentInfo' })
  if (type !== replace && replacements.length > 0) throw notEdxml('misplaced', { field: 'ReplacementInfoList' })
  if (type === update && changes.length === 0) throw notEdxml('required', { field: 'BussinessDocumentInfo' })
  if (type === replace && replacements.length === 0) throw notEdxml('required', { field: 'ReplacementInfoList' })
}

function documentChange({ documentInfo, documentReceiver, receivers }: Loose<DocumentChange>): string {
  const list = each('Receiver', receivers, changedReceiver)
  if (documentReceiver === true && list === '') throw notEdxml('required', { field: 'ReceiverList' })
  return wrap(
    'BussinessDocumentInfo',
    leaf(`${change}/DocumentInfo`, digit(documentInfo)),
    leaf(`${change}/DocumentReceiver`, digit(documentReceiver)),
    wrapIfAny('ReceiverList', list),
  )
}

function changedReceiver({ organId, receiverType }: Loose<ChangedReceiver>): string {
  const path = `${change}/ReceiverList/Receiver`
  return wrap(
    'Receiver',
    requiredLeaf(`${path}/OrganId`, organId),
    requiredLeaf(`${path}/ReceiverType`, oneOf(`${path}/ReceiverType`, receiverType, [0, 1])),
  )
}

function replacementInfo({ documentId, organIds }: Loose<Replacement>, ownId: string): string {
  const path = `${replacement}/DocumentId`
  if (fieldText(path, documentId) === ownId) throw notEdxml('duplicate', { field: 'DocumentId' })
  const receivers = each('OrganId', organIds, (organId) => leaf(`${replacement}/OrganIdList/OrganId`, organId))
  if (receivers === '') throw notEdxml('required', { field: 'OrganIdList' })
  return wrap('ReplacementInfo', requiredLeaf(path, documentId), wrap('OrganIdList', receivers))
}
