/**
 * The rules of a packet: what each type of document and each status must carry [QCVN 102:2016; NĐ 30/2020].
 *
 * The reader takes packets that break them, as software in the field sends them; who reads the findings decides.
 * Not here: the form of single fields (`reader.warnings`), and whether an organisation or a document exists.
 */
import { documentTypes, statusCodes } from '@lienthong/core'
import { isSwapped } from './document-targets.ts'
import { isDay } from './field-warnings.ts'
import { type Finding, type FindingCode, finding } from './finding.ts'
import { isCode, sameCode } from './organ-shape.ts'
import type { DocumentChange, Organization, PacketHeader, ResponseFor } from './packet.ts'
import { statusTargets } from './status-targets.ts'
import { type AttachedFile, validateFiles } from './validate-files.ts'
import { maxHeaderWarnings } from './warning.ts'

export interface ValidationFacts {
  /** The attachments behind the envelope, when they were looked at. */
  readonly attachments?: readonly AttachedFile[]
  /** `yyyy/MM/dd`, in Vietnam; without it no date is called future. */
  readonly today?: string
}

/** Every rule the packet does not keep; at most 100. Pure. */
export function validatePacket(header: PacketHeader, facts: ValidationFacts = {}): readonly Finding[] {
  const findings =
    header.kind === 'status'
      ? [...validateSender(header), ...validateStatus(header)]
      : [
          ...validateSender(header),
          ...validateRecipients(header),
          ...requiredFields.flatMap(([code, valueOf]) => (valueOf(header) === null ? [finding(code)] : [])),
          ...validateDates(header, facts.today),
          ...validateFiles(header, facts.attachments),
          ...validateBusiness(header),
        ]
  return findings.slice(0, maxHeaderWarnings)
}

const requiredFields: readonly (readonly [FindingCode, (header: PacketHeader) => string | null])[] = [
  ['NUMBER_MISSING', ({ code }) => code.number],
  ['NOTATION_MISSING', ({ code }) => code.notation],
  ['ISSUE_DATE_MISSING', ({ promulgationDate }) => promulgationDate],
  ['TYPE_NAME_MISSING', ({ documentType }) => documentType.typeName],
  ['SUBJECT_MISSING', ({ subject }) => subject],
  ['SIGNER_MISSING', ({ signer }) => signer.fullName],
]

function validateSender({ from }: PacketHeader): readonly Finding[] {
  return isCode(from.organId) ? [] : [finding('SENDER_MISSING')]
}

function validateRecipients({ from, to }: PacketHeader): readonly Finding[] {
  const named = to.filter(({ organId }) => isCode(organId))
  const seen = new Set<string>()
  const repeated = new Set<string>()
  for (const { organId } of named) {
    const key = organId.toUpperCase()
    if (seen.has(key)) repeated.add(key)
    seen.add(key)
  }
  return [
    ...(named.length === 0 ? [finding('RECIPIENT_MISSING')] : []),
    ...[...repeated].map((organ) => finding('RECIPIENT_REPEATED', { organ })),
    ...(seen.has(from.organId.toUpperCase()) ? [finding('RECIPIENT_IS_SENDER', { organ: from.organId })] : []),
    ...validateNames([from, ...named]),
  ]
}

function validateNames(organizations: readonly Organization[]): readonly Finding[] {
  const nameless = organizations.filter(({ organName }) => organName === null)
  const first = nameless[0]
  if (first === undefined) return []
  return [finding('ORGAN_NAME_MISSING', { organ: first.organId, count: nameless.length })]
}

function validateDates({ promulgationDate, dueDate }: PacketHeader, today: string | undefined): readonly Finding[] {
  if (promulgationDate === null || !isDay(promulgationDate)) return []
  const findings: Finding[] = []
  // Days written so sort as texts.
  if (today !== undefined && promulgationDate > today) {
    findings.push(finding('ISSUE_DATE_FUTURE', { date: promulgationDate }))
  }
  if (dueDate !== null && isDay(dueDate) && dueDate < promulgationDate) {
    findings.push(finding('DUE_BEFORE_ISSUE', { date: dueDate }))
  }
  return findings
}

function validateBusiness(header: PacketHeader): readonly Finding[] {
  const { businessType, business } = header
  const misplaced = [
    ...(business.changes.length > 0 && businessType !== documentTypes.update ? ['BussinessDocumentInfo'] : []),
    ...(business.replacements.length > 0 && businessType !== documentTypes.replacement ? ['ReplacementInfoList'] : []),
  ].map((field) => finding('BUSINESS_PART_MISPLACED', { field }))
  switch (businessType) {
    case documentTypes.new:
      return misplaced
    case documentTypes.recall:
      return [...misplaced, ...(business.reason === null ? [finding('RECALL_REASON_MISSING')] : [])]
    case documentTypes.update:
      return [...misplaced, ...validateUpdate(header)]
    case documentTypes.replacement:
      return [...misplaced, ...validateReplacement(header)]
    default:
      return [...misplaced, finding('BUSINESS_TYPE_UNKNOWN', { type: businessType })]
  }
}

function validateUpdate({ business }: PacketHeader): readonly Finding[] {
  const { documentId, changes } = business
  const isEmpty = !changes.some((change) => change.documentInfo === true || change.documentReceiver === true)
  return [
    ...(documentId === null ? [finding('UPDATED_DOCUMENT_MISSING')] : []),
    ...(changes.length === 0 ? [finding('CHANGES_MISSING')] : isEmpty ? [finding('CHANGE_EMPTY')] : []),
    ...(changes.every(saysWhoChanges) ? [] : [finding('CHANGED_RECEIVERS_UNCLEAR')]),
  ]
}

function saysWhoChanges({ documentReceiver, receivers }: DocumentChange): boolean {
  if (documentReceiver !== true) return true
  const isClear = receivers.every(
    ({ organId, receiverType }) => isCode(organId) && (receiverType === 0 || receiverType === 1),
  )
  return receivers.length > 0 && isClear
}

function validateReplacement({ business, documentId }: PacketHeader): readonly Finding[] {
  const { replacements } = business
  if (replacements.length === 0) return [finding('REPLACEMENTS_MISSING')]
  return replacements.flatMap((replaced, index) => [
    ...(replaced.documentId === null || !replaced.organIds.some(isCode)
      ? [finding('REPLACEMENT_INCOMPLETE', { number: index + 1 })]
      : []),
    ...(replaced.documentId !== null && replaced.documentId === documentId ? [finding('REPLACEMENT_OF_ITSELF')] : []),
  ])
}

const knownStatuses: readonly number[] = Object.values(statusCodes)
const needReason: readonly number[] = [statusCodes.refused, statusCodes.takeBack, statusCodes.changeDeclined]

function validateStatus(header: PacketHeader): readonly Finding[] {
  const { statusCode, description, timestamp, responseFor, from } = header
  const unknown = statusCode !== null && !knownStatuses.includes(statusCode)
  const unexplained = statusCode !== null && needReason.includes(statusCode) && description === null
  const code = String(statusCode).padStart(2, '0')
  return [
    ...(statusCode === null ? [finding('STATUS_CODE_MISSING')] : []),
    ...(unknown ? [finding('STATUS_CODE_UNKNOWN', { code })] : []),
    ...(unexplained ? [finding('STATUS_REASON_MISSING', { code })] : []),
    ...(responseFor.length === 0 ? [finding('RESPONSE_FOR_MISSING')] : []),
    ...responseFor.flatMap((answered) => validateAnswered(answered, from.organId)),
    ...(responseFor.length > 0 && statusTargets(header).length === 0 ? [finding('STATUS_RECIPIENT_MISSING')] : []),
    ...(timestamp === null ? [finding('STATUS_TIME_MISSING')] : []),
  ]
}

function validateAnswered(answered: ResponseFor, self: string): readonly Finding[] {
  const { organId, code, documentId, promulgationDate } = answered
  const findable = documentId !== null || (code !== null && promulgationDate !== null)
  return [
    ...(findable ? [] : [finding('RESPONSE_FOR_INCOMPLETE')]),
    ...(isSwapped(answered) ? [finding('RESPONSE_FOR_SWAPPED')] : []),
    ...(organId !== null && sameCode(organId, self) ? [finding('RECIPIENT_IS_SENDER', { organ: organId })] : []),
  ]
}
