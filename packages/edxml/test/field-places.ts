import type { Organization, PacketHeader, StaffInfo } from '../src/index.ts'

export type Value = string | number | boolean

type Place = (header: PacketHeader) => readonly (Value | null)[]

/** Where in the typed header the text of each leaf comes out; a list, since its parents may stand many times. */
const places: Readonly<Record<string, Place>> = {
  ...organization('MessageHeader/From', (header) => [header.from]),
  ...organization('MessageHeader/To', (header) => header.to),
  'MessageHeader/DocumentId': (header) => [header.documentId],
  'MessageHeader/Code/CodeNumber': (header) => [header.code.number],
  'MessageHeader/Code/CodeNotation': (header) => [header.code.notation],
  'MessageHeader/PromulgationInfo/Place': (header) => [header.place],
  'MessageHeader/PromulgationInfo/PromulgationDate': (header) => [header.promulgationDate],
  'MessageHeader/DocumentType/Type': (header) => [header.documentType.type],
  'MessageHeader/DocumentType/TypeDetail': (header) => [header.documentType.typeDetail],
  'MessageHeader/DocumentType/TypeName': (header) => [header.documentType.typeName],
  'MessageHeader/Subject': (header) => [header.subject],
  'MessageHeader/Content': (header) => [header.content],
  'MessageHeader/SignerInfo/Competence': (header) => [header.signer.competence],
  'MessageHeader/SignerInfo/Position': (header) => [header.signer.position],
  'MessageHeader/SignerInfo/FullName': (header) => [header.signer.fullName],
  'MessageHeader/DueDate': (header) => [header.dueDate],
  'MessageHeader/OtherInfo/Priority': (header) => [header.priority],
  'MessageHeader/OtherInfo/SphereOfPromulgation': (header) => [header.sphereOfPromulgation],
  'MessageHeader/OtherInfo/TyperNotation': (header) => [header.typerNotation],
  'MessageHeader/OtherInfo/PromulgationAmount': (header) => [header.promulgationAmount],
  'MessageHeader/OtherInfo/PageAmount': (header) => [header.pageAmount],
  'MessageHeader/OtherInfo/Direction': (header) => [header.direction],
  'MessageHeader/OtherInfo/Appendixes/Appendix': (header) => header.appendixes,
  'MessageHeader/ResponseFor/OrganId': (header) => header.responseFor.map(({ organId }) => organId),
  'MessageHeader/ResponseFor/Code': (header) => header.responseFor.map(({ code }) => code),
  'MessageHeader/ResponseFor/DocumentId': (header) => header.responseFor.map(({ documentId }) => documentId),
  'MessageHeader/ResponseFor/PromulgationDate': (header) =>
    header.responseFor.map((answered) => answered.promulgationDate),
  'MessageHeader/SteeringType': (header) => [header.steeringType],
  'MessageHeader/ToPlaces/Place': (header) => header.toPlaces,
  'MessageHeader/ResponseForTask/TaskCode': (header) => header.taskCodes,
  'MessageHeader/ApplicationType': (header) => [header.applicationType],
  'MessageHeader/StatusCode': (header) => [header.statusCode],
  'MessageHeader/Description': (header) => [header.description],
  ...staff('MessageHeader/StaffInfo', (header) => header.staff),
  'MessageHeader/Timestamp': (header) => [header.timestamp],
  'TraceHeaderList/TraceHeader/OrganId': (header) => header.trace.map(({ organId }) => organId),
  'TraceHeaderList/TraceHeader/Timestamp': (header) => header.trace.map(({ timestamp }) => timestamp),
  ...under('TraceHeaderList/Bussiness', {
    DocumentId: ({ business }) => [business.documentId],
    BussinessDocType: ({ businessType }) => [businessType],
    BussinessDocReason: ({ business }) => [business.reason],
    Paper: ({ business }) => [business.paper],
    'BussinessDocumentInfo/DocumentInfo': ({ business }) => business.changes.map((change) => change.documentInfo),
    'BussinessDocumentInfo/DocumentReceiver': ({ business }) =>
      business.changes.map((change) => change.documentReceiver),
    'BussinessDocumentInfo/ReceiverList/Receiver/OrganId': ({ business }) =>
      business.changes.flatMap(({ receivers }) => receivers.map(({ organId }) => organId)),
    'BussinessDocumentInfo/ReceiverList/Receiver/ReceiverType': ({ business }) =>
      business.changes.flatMap(({ receivers }) => receivers.map(({ receiverType }) => receiverType)),
    'ReplacementInfoList/ReplacementInfo/DocumentId': ({ business }) =>
      business.replacements.map(({ documentId }) => documentId),
    'ReplacementInfoList/ReplacementInfo/OrganIdList/OrganId': ({ business }) =>
      business.replacements.flatMap(({ organIds }) => organIds),
  }),
  ...staff('TraceHeaderList/Bussiness/StaffInfo', ({ business }) => business.staff),
  ...under('edXMLManifest/Reference', {
    ContentId: ({ references }) => references.map(({ contentId }) => contentId),
    ContentType: ({ references }) => references.map(({ contentType }) => contentType),
    Description: ({ references }) => references.map(({ description }) => description),
    AttachmentName: ({ references }) => references.map(({ attachmentName }) => attachmentName),
  }),
}

export const placePaths: readonly string[] = Object.keys(places)

/** Numbers whose absence means 0. */
const zeroWhenAbsent = new Set(['MessageHeader/OtherInfo/Priority', 'TraceHeaderList/Bussiness/BussinessDocType'])

/** What the header holds at the place of a leaf; nulls and the empty code of an organisation left out. */
export function valuesAt(header: PacketHeader, path: string): readonly Value[] {
  return places[path]?.(header).flatMap((value) => (value === null || value === '' ? [] : [value])) ?? []
}

/** The same of a header whose packet has no such leaf, or nothing readable in it. */
export function nothingAt(path: string): readonly Value[] {
  return zeroWhenAbsent.has(path) ? [0] : []
}

function under(path: string, below: Readonly<Record<string, Place>>): Readonly<Record<string, Place>> {
  return Object.fromEntries(Object.entries(below).map(([name, place]) => [`${path}/${name}`, place]))
}

function organization(path: string, of: (header: PacketHeader) => readonly Organization[]) {
  const each =
    (read: (organization: Organization) => string | null): Place =>
    (header) =>
      of(header).map(read)
  return under(path, {
    OrganId: each(({ organId }) => organId),
    OrganizationInCharge: each(({ organizationInCharge }) => organizationInCharge),
    OrganName: each(({ organName }) => organName),
    OrganAdd: each(({ organAdd }) => organAdd),
    Email: each(({ email }) => email),
    Telephone: each(({ telephone }) => telephone),
    Fax: each(({ fax }) => fax),
    Website: each(({ website }) => website),
  })
}

function staff(path: string, of: (header: PacketHeader) => readonly StaffInfo[]) {
  return under(path, {
    Department: (header) => of(header).map(({ department }) => department),
    Staff: (header) => of(header).map(({ staff: name }) => name),
    Email: (header) => of(header).map(({ email }) => email),
    Mobile: (header) => of(header).map(({ mobile }) => mobile),
  })
}
