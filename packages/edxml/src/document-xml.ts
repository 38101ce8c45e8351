import { dated, formatTimestamp, whole, within } from './field-form.ts'
import { notEdxml } from './not-edxml.ts'
import { organizationXml, responseForXml, staffXml } from './organization-xml.ts'
import type { Attachment, DocumentPacket } from './packet-to-write.ts'
import { namespace102 } from './vocabulary.ts'
import { leaf, plainLeaf, prefixDeclaration, requiredLeaf, wrap, xmlDeclaration } from './xml-write.ts'

/** Element order throughout is that of VNPT's Java builder. */

/** All of the packet in front of the attachments. Throws NOT_EDXML when a field is missing, too long or out of form. */
export function documentHead(packet: DocumentPacket): string {
  if (packet.attachments.length === 0) throw notEdxml('required', { field: 'Attachment' })
  return [
    xmlDeclaration,
    `\n<edXML xmlns="${namespace102}"><edXML:edXMLEnvelope ${prefixDeclaration}>`,
    wrap('edXMLHeader', messageHeader(packet), traceHeaderList(packet)),
    wrap('edXMLBody', manifest(packet.attachments)),
    '</edXML:edXMLEnvelope><AttachmentEncoded>',
  ].join('')
}

export const documentTail = '</AttachmentEncoded></edXML>\n'

/** What stands before and after an attachment's base64. Only the last child is prefixed, and declares the prefix anew. */
export function attachmentFrame(
  attachment: Attachment,
  index: number,
): { readonly head: string; readonly tail: string } {
  const description = attachment.description ?? ''
  return {
    head: [
      '<Attachment>',
      plainLeaf('ContentId', contentId(index)),
      plainLeaf('AttachmentName', attachment.name),
      plainLeaf('Description', description),
      plainLeaf('ContentType', attachment.contentType),
      `<edXML:ContentTransferEncoded ${prefixDeclaration}>`,
    ].join(''),
    tail: '</edXML:ContentTransferEncoded></Attachment>',
  }
}

function messageHeader(packet: DocumentPacket): string {
  if (packet.to.length === 0) throw notEdxml('required', { field: 'To' })
  const { signer } = packet
  return wrap(
    'MessageHeader',
    organizationXml('From', packet.from, false),
    ...packet.to.map((recipient) => organizationXml('To', recipient, false)),
    requiredLeaf('DocumentId', packet.documentId),
    wrap(
      'Code',
      requiredLeaf('CodeNumber', within('MessageHeader/Code/CodeNumber', packet.code.number)),
      requiredLeaf('CodeNotation', within('MessageHeader/Code/CodeNotation', packet.code.notation)),
    ),
    wrap(
      'PromulgationInfo',
      leaf('Place', packet.place),
      requiredLeaf('PromulgationDate', dated('PromulgationDate', packet.promulgationDate)),
    ),
    documentType(packet),
    requiredLeaf('Subject', within('MessageHeader/Subject', packet.subject)),
    leaf('Content', packet.content),
    wrap(
      'SignerInfo',
      leaf('Competence', signer.competence),
      leaf('Position', within('MessageHeader/SignerInfo/Position', signer.position ?? '')),
      requiredLeaf('FullName', within('MessageHeader/SignerInfo/FullName', signer.fullName)),
    ),
    leaf('DueDate', packet.dueDate === undefined ? null : dated('DueDate', packet.dueDate)),
    otherInfo(packet),
    ...(packet.responseFor ?? []).map((answered) => responseForXml(answered, false)),
    leaf('SteeringType', whole('SteeringType', packet.steeringType ?? 1, [0, 9])),
    list('ToPlaces', 'Place', packet.toPlaces),
  )
}

function documentType(packet: DocumentPacket): string {
  const { type, typeDetail = 0, typeName } = packet.documentType ?? { type: 1, typeName: 'Công văn' }
  return wrap(
    'DocumentType',
    leaf('Type', whole('Type', type, [0, 999])),
    leaf('TypeDetail', whole('TypeDetail', typeDetail, [0, 999])),
    requiredLeaf('TypeName', within('MessageHeader/DocumentType/TypeName', typeName)),
  )
}

function otherInfo(packet: DocumentPacket): string {
  const amount = (field: string, value: number | undefined): string =>
    leaf(field, value === undefined ? null : whole(field, value, [0, 999]))
  return wrap(
    'OtherInfo',
    leaf('Priority', whole('Priority', packet.priority ?? 0, [0, 4])),
    leaf('SphereOfPromulgation', packet.sphereOfPromulgation),
    leaf('TyperNotation', packet.typerNotation),
    amount('PromulgationAmount', packet.promulgationAmount),
    amount('PageAmount', packet.pageAmount),
    leaf('Direction', packet.direction),
    list('Appendixes', 'Appendix', packet.appendixes),
  )
}

function traceHeaderList(packet: DocumentPacket): string {
  return wrap(
    'TraceHeaderList',
    wrap(
      'TraceHeader',
      requiredLeaf('OrganId', packet.from.organId),
      leaf('Timestamp', formatTimestamp(packet.sentAt)),
    ),
    wrap(
      'Bussiness',
      leaf('BussinessDocType', 0),
      leaf('BussinessDocReason', packet.reason),
      leaf('Paper', packet.paper === true ? 1 : 0),
      staffXml(packet.staff, false),
    ),
  )
}

function manifest(attachments: readonly Attachment[]): string {
  const references = attachments.map((attachment, index) =>
    wrap(
      'Reference',
      requiredLeaf('ContentId', contentId(index)),
      requiredLeaf('ContentType', attachment.contentType),
      leaf('Description', attachment.description),
      requiredLeaf('AttachmentName', attachment.name),
    ),
  )
  return `<edXML:edXMLManifest version="1.0">${references.join('')}</edXML:edXMLManifest>`
}

function contentId(index: number): string {
  return `cid:${index + 1}`
}

function list(outer: string, inner: string, values: readonly string[] | undefined): string {
  const items = (values ?? []).map((value) => leaf(inner, value)).join('')
  return items === '' ? '' : wrap(outer, items)
}
