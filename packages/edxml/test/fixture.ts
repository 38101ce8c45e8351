import { readFileSync } from 'node:fs'
import type { Organization, PacketHeader, StaffInfo } from '../src/index.ts'

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../../test/fixtures/${name}`, import.meta.url))
}

/** A fixture without the line breaks that make it readable: the bytes a producer would send. */
export function compactFixture(name: string): string {
  const text = fixture(name)
    .toString('utf8')
    .replace(/>\n\s*</g, '><')
  return text.replace('?><', '?>\n<')
}

export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Buffer.concat(chunks)
}

export const namespace102 = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'

/** A small document with `inside` in its MessageHeader; everything else in order. */
export function packetWith(
  inside: string,
  options: { readonly prolog?: string; readonly beside?: string } = {},
): Buffer {
  return Buffer.from(
    `${options.prolog ?? ''}<edXML xmlns="${namespace102}">${options.beside ?? ''}<edXMLEnvelope><edXMLHeader><MessageHeader>` +
      `<From><OrganId>H29</OrganId></From><To><OrganId>H26</OrganId></To><DocumentId>d</DocumentId>${inside}` +
      '</MessageHeader></edXMLHeader></edXMLEnvelope></edXML>',
  )
}

/** An organisation of which only these are known. */
export function organization(
  organId: string,
  organName: string | null,
  more: Partial<Organization> = {},
): Organization {
  return {
    organId,
    organName,
    organizationInCharge: null,
    organAdd: null,
    email: null,
    telephone: null,
    fax: null,
    website: null,
    ...more,
  }
}

export const nobody: StaffInfo = { department: null, staff: null, email: null, mobile: null }

/** A header with nothing in it but what is given. */
export function headerWith(given: Partial<PacketHeader>): PacketHeader {
  return {
    kind: 'document',
    from: organization('', null),
    to: [],
    documentId: null,
    code: { number: null, notation: null },
    place: null,
    promulgationDate: null,
    documentType: { type: null, typeDetail: null, typeName: null },
    subject: null,
    content: null,
    signer: { competence: null, position: null, fullName: null },
    dueDate: null,
    priority: 0,
    sphereOfPromulgation: null,
    typerNotation: null,
    promulgationAmount: null,
    pageAmount: null,
    direction: null,
    appendixes: [],
    responseFor: [],
    steeringType: null,
    toPlaces: [],
    taskCodes: [],
    applicationType: null,
    trace: [],
    businessType: 0,
    business: { documentId: null, reason: null, paper: null, changes: [], replacements: [], staff: [] },
    statusCode: null,
    description: null,
    staff: [],
    timestamp: null,
    references: [],
    ...given,
  }
}
