/** A packet in words: the facts a clerk looks for, and the same as JSON. */
import type { AttachmentFacts, PacketHeader } from '@lienthong/edxml'
import type { Context } from '../command.ts'
import { renderBytes, renderFacts, renderTable } from '../output.ts'
import type { PacketInFile } from './read-file.ts'
import { type Said, sayWarning } from './warnings.ts'

export function packetJson({ header, attachments, warnings }: PacketInFile, context: Context): unknown {
  const { code, ...rest } = header
  return {
    ...rest,
    code: shownNumber(code),
    attachments: attachments.map(attachmentJson),
    warnings: warnings.map((warning) => sayWarning(warning, context.language)),
  }
}

export function packetText(packet: PacketInFile, context: Context): string {
  const { header, attachments } = packet
  const { say } = context
  const parts = [renderFacts(header.kind === 'status' ? statusFacts(header, context) : documentFacts(header, context))]
  if (attachments.length > 0) parts.push(`${say('edoc.attachments')}\n${attachmentTable(attachments, context)}`)
  const warnings = packet.warnings.map((warning) => sayWarning(warning, context.language))
  if (warnings.length > 0) parts.push(`${say('edoc.warnings')}\n${warningTable(warnings, context)}`)
  return parts.join('\n\n')
}

export function attachmentJson({ name, file }: AttachmentFacts): unknown {
  return { name, type: file?.type ?? null, size: file?.size ?? null, sha256: file?.sha256 ?? null }
}

export function attachmentTable(attachments: readonly AttachmentFacts[], { say }: Context): string {
  const headings = [say('heading.name'), say('heading.type'), say('heading.size'), say('heading.sha256')]
  const rows = attachments.map(({ name, file }) => [
    name ?? '',
    file?.type ?? '',
    file === null ? '' : renderBytes(file.size),
    file?.sha256 ?? '',
  ])
  return renderTable(headings, rows)
}

function warningTable(warnings: readonly Said[], { say }: Context): string {
  return renderTable(
    [say('heading.code'), say('heading.text')],
    warnings.map(({ code, text }) => [code, text]),
  )
}

type Facts = (readonly [string, string])[]

function documentFacts(header: PacketHeader, context: Context): Facts {
  const { say } = context
  const { competence, position, fullName } = header.signer
  return withoutEmpty([
    [say('heading.kind'), `${say('edoc.kind.document')}, ${businessText(header.businessType, context)}`],
    [say('heading.from'), partyText(header.from)],
    ...header.to.map((recipient) => [say('heading.to'), partyText(recipient)] as const),
    [say('heading.documentId'), header.documentId],
    [say('heading.number'), shownNumber(header.code)],
    [say('heading.issued'), joined(', ', header.place, header.promulgationDate)],
    [say('heading.documentType'), header.documentType.typeName],
    [say('heading.subject'), header.subject],
    [say('heading.content'), header.content === header.subject ? null : header.content],
    [say('heading.signer'), joined(', ', joined(' ', competence, position), fullName)],
    [say('heading.priority'), priorityText(header.priority, context)],
    [say('heading.dueDate'), header.dueDate],
    ...answeredFacts(header, context),
    [say('heading.reason'), header.business.reason],
    [say('heading.trace'), header.trace.map(({ organId, timestamp }) => joined(' ', organId, timestamp)).join(' → ')],
  ])
}

function statusFacts(header: PacketHeader, context: Context): Facts {
  const { say } = context
  return withoutEmpty([
    [say('heading.kind'), `${say('edoc.kind.status')}: ${statusText(header.statusCode, context)}`],
    [say('heading.from'), partyText(header.from)],
    ...answeredFacts(header, context),
    [say('heading.description'), header.description],
    ...header.staff.map(
      ({ department, staff, email, mobile }) =>
        [say('heading.staff'), joined(', ', staff, department, mobile, email)] as const,
    ),
    [say('heading.accepted'), header.timestamp],
  ])
}

function answeredFacts({ responseFor }: PacketHeader, { say }: Context): (readonly [string, string | null])[] {
  return responseFor.map(({ organId, code, documentId, promulgationDate }) => [
    say('heading.answers'),
    joined(', ', code, promulgationDate, organId, documentId),
  ])
}

function businessText(type: number, { say }: Context): string {
  switch (type) {
    case 0:
    case 1:
    case 2:
    case 3:
      return say(`edoc.type.${type}`)
    default:
      return say('edoc.type.other', { type })
  }
}

function statusText(status: number | null, { say }: Context): string {
  const shown = status === null ? '?' : String(status).padStart(2, '0')
  switch (status) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 13:
    case 15:
    case 16:
      return `${shown}, ${say(`edoc.status.${status}`)}`
    default:
      return say('edoc.status.other', { status: shown })
  }
}

function priorityText(priority: number, { say }: Context): string {
  switch (priority) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      return say(`edoc.priority.${priority}`)
    default:
      return say('edoc.priority.other', { priority })
  }
}

function partyText({ organId, organName }: PacketHeader['from']): string {
  return joined(' ', organId, organName) ?? ''
}

/** `123/UBND-VP`, or what there is of it. */
function shownNumber({ number, notation }: PacketHeader['code']): string | null {
  return joined('/', number, notation)
}

function joined(separator: string, ...texts: readonly (string | null)[]): string | null {
  const given = texts.filter((text) => text !== null && text !== '')
  return given.length === 0 ? null : given.join(separator)
}

function withoutEmpty(facts: readonly (readonly [string, string | null])[]): Facts {
  return facts.flatMap(([name, value]) => (value === null || value === '' ? [] : [[name, value] as const]))
}
