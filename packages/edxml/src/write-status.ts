import { statusCodes } from '@lienthong/core'
import { formatTimestamp, oneOf } from './field-form.ts'
import { notEdxml } from './not-edxml.ts'
import { organizationXml, responseForXml, staffXml } from './organization-xml.ts'
import type { StatusPacket } from './packet-to-write.ts'
import { each, leaf, openPacket, packetEnd, requiredLeaf, wrap } from './xml-write.ts'

const timestamp = 'MessageHeader/Timestamp'

const codes = Object.values(statusCodes)

/** Those nobody would understand without a word. */
const explained: readonly (number | null)[] = [statusCodes.refused, statusCodes.takeBack, statusCodes.changeDeclined]

/** A status packet's bytes. Throws NOT_EDXML when a field is missing, too long or out of form. */
export function writeStatus(status: StatusPacket): Uint8Array {
  if (status.responseFor.length === 0) throw notEdxml('required', { field: 'ResponseFor' })
  const code = oneOf('MessageHeader/StatusCode', status.statusCode, codes)
  const header = wrap(
    'MessageHeader',
    organizationXml('From', status.from, true),
    each('ResponseFor', status.responseFor, (answered) => responseForXml(answered, true)),
    each('StaffInfo', status.staff, (staff) => staffXml('MessageHeader/StaffInfo', staff, true)),
    requiredLeaf('MessageHeader/StatusCode', code === null ? null : String(code).padStart(2, '0')),
    (explained.includes(code) ? requiredLeaf : leaf)('MessageHeader/Description', status.description),
    leaf(timestamp, status.timestamp) || leaf(timestamp, sentAt(status)),
  )
  return new TextEncoder().encode(openPacket(header) + packetEnd)
}

function sentAt(status: StatusPacket): string | null {
  return status.sentAt === undefined ? null : formatTimestamp(status.sentAt)
}
