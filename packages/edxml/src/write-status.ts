import { formatTimestamp, whole, within } from './field-form.ts'
import { organizationXml, responseForXml, staffXml } from './organization-xml.ts'
import type { StatusPacket } from './packet-to-write.ts'
import { namespace102 } from './vocabulary.ts'
import { leaf, prefixDeclaration, requiredLeaf, wrap, xmlDeclaration } from './xml-write.ts'

/** A status packet's bytes. Throws NOT_EDXML when a field is missing, too long or out of form. */
export function writeStatus(status: StatusPacket): Uint8Array {
  const code = whole('StatusCode', status.statusCode, [1, 99])
  const header = wrap(
    'MessageHeader',
    organizationXml('From', status.from, true),
    responseForXml(status.responseFor, true),
    staffXml(status.staff, true),
    requiredLeaf('StatusCode', String(code).padStart(2, '0')),
    leaf('Description', within('MessageHeader/Description', status.description ?? '')),
    leaf('Timestamp', formatTimestamp(status.timestamp)),
  )
  const packet = [
    xmlDeclaration,
    `\n<edXML xmlns="${namespace102}"><edXML:edXMLEnvelope ${prefixDeclaration}>`,
    wrap('edXMLHeader', header),
    '</edXML:edXMLEnvelope></edXML>\n',
  ]
  return new TextEncoder().encode(packet.join(''))
}
