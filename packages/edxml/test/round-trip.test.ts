import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type AttachmentFacts,
  type DocumentPacket,
  type Loose,
  type Organization,
  openHeaderReader,
  type PacketHeader,
  type ResponseFor,
  readHeader,
  type StaffInfo,
  type StatusPacket,
  validatePacket,
  writeDocument,
  writeStatus,
} from '../src/index.ts'
import { collect, fixture, headerWith, nobody, organization } from './fixture.ts'
import { documentOf, statusOf } from './packet-arbitraries.ts'
import { readAll } from './read-kit.ts'
import { documents, statuses, withoutPayloads } from './written-kit.ts'

interface NotWritten {
  readonly code: string
  readonly detail: Readonly<Record<string, unknown>>
}

const runs = { numRuns: 60 }

function body({ organId, organName, ...more }: DocumentPacket['from']): Organization {
  return { ...organization(organId, organName), ...(more as Partial<Organization>) }
}

function answeredOf(answered: Loose<readonly ResponseFor[]> = []): PacketHeader['responseFor'] {
  const nothing: ResponseFor = { organId: null, code: null, documentId: null, promulgationDate: null }
  return answered.map((one) => ({ ...nothing, ...one }))
}

const staffOf = (staff: Loose<readonly StaffInfo[]> = []): PacketHeader['staff'] =>
  staff.map((one) => ({ ...nobody, ...one }))

/** What must be read back: the packet, with null and [] for what was left out. */
function headerOfDocument({ attachments, ...packet }: DocumentPacket): PacketHeader {
  const { documentType, signer, business = {} } = packet
  const { changes = [], replacements = [], staff } = business
  const empty = headerWith({})
  return {
    ...empty,
    ...(packet as Partial<PacketHeader>),
    from: body(packet.from),
    to: packet.to.map(body),
    documentType: { ...empty.documentType, ...documentType },
    signer: { ...empty.signer, ...signer },
    responseFor: answeredOf(packet.responseFor),
    business: {
      ...empty.business,
      ...(business as Partial<PacketHeader['business']>),
      changes: changes.map((change) => ({
        documentInfo: null,
        documentReceiver: null,
        receivers: [],
        ...(change as Partial<PacketHeader['business']['changes'][number]>),
      })),
      replacements: replacements as PacketHeader['business']['replacements'],
      staff: staffOf(staff),
    },
    references: attachments.map(({ contentId, contentType, description, name }, index) => ({
      contentId: contentId ?? `cid:${index + 1}`,
      contentType,
      description: description ?? null,
      attachmentName: name,
    })),
  }
}

function headerOfStatus(packet: StatusPacket): PacketHeader {
  return {
    ...headerWith({ kind: 'status', statusCode: packet.statusCode }),
    from: body(packet.from),
    responseFor: answeredOf(packet.responseFor),
    description: packet.description ?? null,
    staff: staffOf(packet.staff),
    timestamp: packet.timestamp ?? null,
  }
}

function readWithoutWarning(packet: Uint8Array): PacketHeader {
  const reader = openHeaderReader()
  reader.write(packet)
  const header = reader.end()
  assert.deepEqual(reader.warnings, [])
  assert.deepEqual(brokenRules(header), [])
  return header
}

function brokenRules(header: PacketHeader, attachments?: readonly AttachmentFacts[]): readonly string[] {
  const findings = validatePacket(header, attachments === undefined ? {} : { attachments })
  return findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)
}

/** A packet that was read, written anew. */
async function rewritten(packet: Uint8Array): Promise<Buffer> {
  const { header, attachments } = await readAll(packet)
  assert.ok(header)
  if (header.kind === 'status') return Buffer.from(writeStatus(header))
  const files = header.references.map(({ contentId, contentType, description, attachmentName }, index) => ({
    contentId,
    contentType: contentType ?? '',
    description,
    name: attachmentName ?? '',
    content: attachments[index]?.content ?? Buffer.from('%PDF-1.4'),
  }))
  const placeholder = { name: 'a.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.4') }
  return collect(writeDocument({ ...header, attachments: files.length === 0 ? [placeholder] : files }))
}

describe('what is written is read, draws no warning and breaks no rule', () => {
  for (const businessType of [0, 1, 2, 3]) {
    it(`documents of business type ${businessType}`, async () => {
      await fc.assert(
        fc.asyncProperty(documentOf(businessType), async (packet) => {
          const bytes = await collect(writeDocument(packet))

          const expected = headerOfDocument(packet)
          assert.deepEqual(readWithoutWarning(bytes), expected)
          const { header, attachments } = await readAll(bytes)
          assert.deepEqual(header, expected)
          const files = attachments.map(({ facts }) => facts)
          assert.deepEqual(brokenRules(expected, files), [])
          assert.deepEqual(
            attachments.map(({ content, facts: { contentId, name, description, contentType } }) => ({
              content: content?.toString('hex'),
              reference: { contentId, contentType, description, attachmentName: name },
            })),
            packet.attachments.map(({ content }, index) => {
              const reference = expected.references[index]
              return {
                content: Buffer.from(content as Uint8Array).toString('hex'),
                reference: { ...reference, contentId: reference?.contentId?.replace('cid:', '') },
              }
            }),
          )
        }),
        runs,
      )
    })
  }

  for (const statusCode of [1, 2, 3, 4, 5, 6, 13, 15, 16]) {
    it(`status packets of code ${statusCode}`, () => {
      fc.assert(
        fc.property(statusOf(statusCode), (packet) => {
          assert.deepEqual(readWithoutWarning(writeStatus(packet)), headerOfStatus(packet))
        }),
        runs,
      )
    })
  }
})

describe('what is read can be written again', () => {
  for (const name of ['document', 'status']) {
    it(`with the same header: ${name}`, async () => {
      const packet = fixture(`${name}.edxml`)
      assert.deepEqual(readWithoutWarning(await rewritten(packet)), await readHeader(packet))
    })
  }

  for (const [name] of [...documents, ...statuses]) {
    it(`to the byte: ${name}`, async () => {
      const packet = fixture(`written/${name}.edxml`)
      const once = await rewritten(packet)
      assert.equal(withoutPayloads(once), withoutPayloads(packet))
      assert.deepEqual(await readAll(once), await readAll(packet))
      assert.deepEqual(await rewritten(once), once)
    })
  }

  for (const [name, field] of [
    ['gateway-2025', 'OrganId'],
    ['generation-2015', 'PromulgationDate'],
    ['dotnet-order', 'PromulgationDate'],
    ['swapped-take-back', 'OrganId'],
  ] as const) {
    it(`unless it breaks the rules: ${name}`, async () => {
      await assert.rejects(rewritten(fixture(`${name}.edxml`)), (error: NotWritten) => {
        assert.deepEqual([error.code, error.detail['field']], ['NOT_EDXML', field])
        return true
      })
    })
  }
})
