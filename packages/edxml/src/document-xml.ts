/** A document around its attachments. Element order throughout is that of VNPT's Java builder. */
import { traceHeaderListXml } from './business-xml.ts'
import { fieldText, oneOf } from './field-form.ts'
import { defaultAttachmentLimits } from './limits.ts'
import { notEdxml } from './not-edxml.ts'
import { organizationXml, responseForXml } from './organization-xml.ts'
import type { Attachment, DocumentPacket } from './packet-to-write.ts'
import {
  each,
  leaf,
  openPacket,
  packetEnd,
  plainLeaf,
  prefixDeclaration,
  requiredLeaf,
  wrap,
  wrapIfAny,
} from './xml-write.ts'

const reference = 'edXMLManifest/Reference'
const priorities = [0, 1, 2, 3, 4]

/** All of the packet in front of the attachments. Throws NOT_EDXML when a field is missing, too long or out of form. */
export function documentHead(packet: DocumentPacket): string {
  const limit = defaultAttachmentLimits.maxAttachments
  if (packet.attachments.length === 0) throw notEdxml('required', { field: 'Attachment' })
  if (packet.attachments.length > limit) throw notEdxml('too-many-attachments', { limit })
  const header = messageHeader(packet) + traceHeaderListXml(packet)
  return `${openPacket(header, wrap('edXMLBody', manifest(packet.attachments)))}<AttachmentEncoded>`
}

export const documentTail = `</AttachmentEncoded>${packetEnd}`

/** What stands before and after an attachment's base64. Only the last child is prefixed, and declares the prefix anew. */
export function attachmentFrame(
  attachment: Attachment,
  index: number,
): { readonly head: string; readonly tail: string } {
  return {
    head: [
      '<Attachment>',
      plainLeaf(`${reference}/ContentId`, contentId(attachment, index)),
      plainLeaf(`${reference}/AttachmentName`, attachment.name),
      plainLeaf(`${reference}/Description`, attachment.description),
      plainLeaf(`${reference}/ContentType`, attachment.contentType),
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
    each('To', packet.to, (recipient) => organizationXml('To', recipient, false)),
    requiredLeaf('MessageHeader/DocumentId', packet.documentId),
    wrap(
      'Code',
      requiredLeaf('MessageHeader/Code/CodeNumber', packet.code.number),
      requiredLeaf('MessageHeader/Code/CodeNotation', packet.code.notation),
    ),
    wrap(
      'PromulgationInfo',
      leaf('MessageHeader/PromulgationInfo/Place', packet.place),
      requiredLeaf('MessageHeader/PromulgationInfo/PromulgationDate', packet.promulgationDate),
    ),
    wrap(
      'DocumentType',
      requiredLeaf('MessageHeader/DocumentType/Type', packet.documentType.type),
      leaf('MessageHeader/DocumentType/TypeDetail', packet.documentType.typeDetail),
      requiredLeaf('MessageHeader/DocumentType/TypeName', packet.documentType.typeName),
    ),
    requiredLeaf('MessageHeader/Subject', packet.subject),
    leaf('MessageHeader/Content', packet.content),
    wrap(
      'SignerInfo',
      leaf('MessageHeader/SignerInfo/Competence', signer.competence),
      leaf('MessageHeader/SignerInfo/Position', signer.position),
      requiredLeaf('MessageHeader/SignerInfo/FullName', signer.fullName),
    ),
    leaf('MessageHeader/DueDate', packet.dueDate),
    otherInfo(packet),
    each('ResponseFor', packet.responseFor, (answered) => responseForXml(answered, false)),
    leaf('MessageHeader/SteeringType', packet.steeringType),
    wrapIfAny(
      'ToPlaces',
      each('Place', packet.toPlaces, (place) => leaf('MessageHeader/ToPlaces/Place', place)),
    ),
    each('ResponseForTask', packet.taskCodes, (code) =>
      wrapIfAny('ResponseForTask', leaf('MessageHeader/ResponseForTask/TaskCode', code)),
    ),
    leaf('MessageHeader/ApplicationType', packet.applicationType),
  )
}

function otherInfo(packet: DocumentPacket): string {
  const path = 'MessageHeader/OtherInfo'
  return wrap(
    'OtherInfo',
    leaf(`${path}/Priority`, oneOf(`${path}/Priority`, packet.priority ?? 0, priorities)),
    leaf(`${path}/SphereOfPromulgation`, packet.sphereOfPromulgation),
    leaf(`${path}/TyperNotation`, packet.typerNotation),
    leaf(`${path}/PromulgationAmount`, packet.promulgationAmount),
    leaf(`${path}/PageAmount`, packet.pageAmount),
    leaf(`${path}/Direction`, packet.direction),
    wrapIfAny(
      'Appendixes',
      each('Appendix', packet.appendixes, (appendix) => leaf(`${path}/Appendixes/Appendix`, appendix)),
    ),
  )
}

function manifest(attachments: readonly Attachment[]): string {
  const ids = new Set(attachments.map((attachment, index) => contentId(attachment, index).replace(/^cid:/, '')))
  if (ids.size < attachments.length) throw notEdxml('duplicate', { field: 'ContentId' })
  const entries = attachments.map((attachment, index) => ({ attachment, index }))
  const references = each('Reference', entries, ({ attachment, index }) =>
    wrap(
      'Reference',
      requiredLeaf(`${reference}/ContentId`, contentId(attachment, index)),
      requiredLeaf(`${reference}/ContentType`, attachment.contentType),
      leaf(`${reference}/Description`, attachment.description),
      requiredLeaf(`${reference}/AttachmentName`, attachment.name),
    ),
  )
  return `<edXML:edXMLManifest version="1.0">${references}</edXML:edXMLManifest>`
}

function contentId(attachment: Attachment, index: number): string {
  return fieldText(`${reference}/ContentId`, attachment.contentId) || `cid:${index + 1}`
}
