import { RelayError } from '@lienthong/core'
import { all, flagAt, type HeaderNode, has, numberAt, one, textAt, textsAt } from './header-tree.ts'
import { notEdxml } from './not-edxml.ts'
import type {
  Business,
  DocumentChange,
  ManifestReference,
  Organization,
  PacketHeader,
  Replacement,
  ResponseFor,
  StaffInfo,
  TraceHeader,
} from './packet.ts'

/** The typed header of an envelope. Throws NOT_EDXML `header-missing` and `sender-missing`, and DOCUMENT_ID_MISSING. */
export function headerFrom(envelope: HeaderNode): PacketHeader {
  const message = one(envelope, 'MessageHeader')
  if (message === undefined) throw notEdxml('header-missing')
  const from = organization(one(message, 'From'))
  if (from.organId === '') throw notEdxml('sender-missing')
  const kind = isStatus(message) ? 'status' : 'document'
  const documentId = textAt(message, 'DocumentId')
  if (kind === 'document' && documentId === null) throw new RelayError('DOCUMENT_ID_MISSING')
  const business = one(envelope, 'TraceHeaderList', 'Bussiness')
  const other = one(message, 'OtherInfo')
  return {
    kind,
    from,
    to: kind === 'status' ? [] : all(message, 'To').map(organization),
    documentId,
    code: { number: textAt(message, 'Code', 'CodeNumber'), notation: textAt(message, 'Code', 'CodeNotation') },
    place: textAt(message, 'PromulgationInfo', 'Place'),
    promulgationDate: textAt(message, 'PromulgationInfo', 'PromulgationDate'),
    documentType: {
      type: numberAt(message, 'DocumentType', 'Type'),
      typeDetail: numberAt(message, 'DocumentType', 'TypeDetail'),
      typeName: textAt(message, 'DocumentType', 'TypeName'),
    },
    subject: textAt(message, 'Subject'),
    content: textAt(message, 'Content'),
    signer: {
      competence: textAt(message, 'SignerInfo', 'Competence'),
      position: textAt(message, 'SignerInfo', 'Position'),
      fullName: textAt(message, 'SignerInfo', 'FullName'),
    },
    dueDate: textAt(message, 'DueDate'),
    priority: numberAt(other, 'Priority') ?? 0,
    sphereOfPromulgation: textAt(other, 'SphereOfPromulgation'),
    typerNotation: textAt(other, 'TyperNotation'),
    promulgationAmount: numberAt(other, 'PromulgationAmount'),
    pageAmount: numberAt(other, 'PageAmount'),
    direction: flagAt(other, 'Direction'),
    appendixes: textsAt(one(other, 'Appendixes'), 'Appendix'),
    responseFor: all(message, 'ResponseFor').map(responseFor),
    steeringType: numberAt(message, 'SteeringType'),
    toPlaces: textsAt(one(message, 'ToPlaces'), 'Place'),
    taskCodes: all(message, 'ResponseForTask').flatMap((task) => textAt(task, 'TaskCode') ?? []),
    applicationType: textAt(message, 'ApplicationType'),
    trace: all(one(envelope, 'TraceHeaderList'), 'TraceHeader').map(traceHeader),
    businessType: numberAt(business, 'BussinessDocType') ?? 0,
    business: businessOf(business),
    statusCode: numberAt(message, 'StatusCode'),
    description: textAt(message, 'Description'),
    staff: all(message, 'StaffInfo').map(staffInfo),
    timestamp: textAt(message, 'Timestamp'),
    references: all(one(envelope, 'edXMLManifest'), 'Reference').map(manifestReference),
  }
}

/** A reply says so by its StatusCode; one that lost it still has no recipients and no id of its own. */
function isStatus(message: HeaderNode): boolean {
  if (has(message, 'StatusCode')) return true
  return !has(message, 'To') && has(message, 'ResponseFor') && textAt(message, 'DocumentId') === null
}

function organization(node: HeaderNode | undefined): Organization {
  return {
    organId: textAt(node, 'OrganId') ?? '',
    organName: textAt(node, 'OrganName'),
    organizationInCharge: textAt(node, 'OrganizationInCharge'),
    organAdd: textAt(node, 'OrganAdd'),
    email: textAt(node, 'Email'),
    telephone: textAt(node, 'Telephone'),
    fax: textAt(node, 'Fax'),
    website: textAt(node, 'Website'),
  }
}

function responseFor(node: HeaderNode): ResponseFor {
  return {
    organId: textAt(node, 'OrganId'),
    code: textAt(node, 'Code'),
    documentId: textAt(node, 'DocumentId'),
    promulgationDate: textAt(node, 'PromulgationDate'),
  }
}

function staffInfo(node: HeaderNode): StaffInfo {
  return {
    department: textAt(node, 'Department'),
    staff: textAt(node, 'Staff'),
    email: textAt(node, 'Email'),
    mobile: textAt(node, 'Mobile'),
  }
}

function traceHeader(node: HeaderNode): TraceHeader {
  return { organId: textAt(node, 'OrganId'), timestamp: textAt(node, 'Timestamp') }
}

function businessOf(node: HeaderNode | undefined): Business {
  return {
    documentId: textAt(node, 'DocumentId'),
    reason: textAt(node, 'BussinessDocReason'),
    paper: flagAt(node, 'Paper'),
    changes: all(node, 'BussinessDocumentInfo').map(documentChange),
    replacements: all(one(node, 'ReplacementInfoList'), 'ReplacementInfo').map(replacement),
    staff: all(node, 'StaffInfo').map(staffInfo),
  }
}

function documentChange(node: HeaderNode): DocumentChange {
  return {
    documentInfo: flagAt(node, 'DocumentInfo'),
    documentReceiver: flagAt(node, 'DocumentReceiver'),
    receivers: all(one(node, 'ReceiverList'), 'Receiver').map((receiver) => ({
      organId: textAt(receiver, 'OrganId'),
      receiverType: numberAt(receiver, 'ReceiverType'),
    })),
  }
}

function replacement(node: HeaderNode): Replacement {
  return { documentId: textAt(node, 'DocumentId'), organIds: textsAt(one(node, 'OrganIdList'), 'OrganId') }
}

function manifestReference(node: HeaderNode): ManifestReference {
  return {
    contentId: textAt(node, 'ContentId'),
    contentType: textAt(node, 'ContentType'),
    description: textAt(node, 'Description'),
    attachmentName: textAt(node, 'AttachmentName'),
  }
}
