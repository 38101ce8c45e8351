import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type AttachedFile,
  type FindingCode,
  type PacketHeader,
  packetFindings,
  readHeader,
  readPacket,
  samplePacket,
  type ValidationFacts,
  validatePacket,
} from '../src/index.ts'
import { collect, fixture, headerWith, organization } from './fixture.ts'

const codes = (header: PacketHeader, facts?: ValidationFacts): readonly FindingCode[] =>
  validatePacket(header, facts).map(({ code }) => code)

const document = await readHeader(fixture('document.edxml'))
const status = await readHeader(fixture('status.edxml'))
const sender = document.from
const [recipient = sender] = document.to
const answered = status.responseFor[0] ?? assert.fail('the fixture answers a document')

function business(businessType: number, given: Partial<PacketHeader['business']>): Partial<PacketHeader> {
  return { businessType, business: { ...document.business, ...given } }
}

const change = { documentInfo: true, documentReceiver: false, receivers: [] }
const recipients = (...receivers: PacketHeader['business']['changes'][number]['receivers']) => ({
  changes: [{ documentInfo: null, documentReceiver: true, receivers }],
})
const replaced = { documentId: 'H29.18.05,2025/06/01,99/UBND-VP', organIds: ['H26.10'] }
const listed = (contentId: string | null, attachmentName: string | null = null) => ({
  contentId,
  contentType: null,
  description: null,
  attachmentName,
})
const file = (contentId: string | null, name: string | null = null) => ({ contentId, name })

async function attachmentsOf(packet: Uint8Array): Promise<readonly AttachedFile[]> {
  const attachments: AttachedFile[] = []
  for await (const part of readPacket(packet)) if (part.kind === 'attachment') attachments.push(await part.facts())
  return attachments
}

describe('a packet in order', () => {
  for (const [what, given] of [
    ['a new document', {}],
    ['a recall with its reason', business(1, { reason: 'Ban hành nhầm' })],
    ['an update of the content', business(2, { documentId: 'x', changes: [change] })],
    [
      'an update of the recipients',
      business(2, {
        documentId: 'x',
        ...recipients({ organId: 'H26', receiverType: 1 }, { organId: 'H27', receiverType: 0 }),
      }),
    ],
    ['a replacement of two documents', business(3, { replacements: [replaced, { ...replaced, documentId: 'y' }] })],
  ] as const) {
    it(`is ${what}`, () => {
      assert.deepEqual(
        codes(
          { ...document, ...given },
          {
            attachments: document.references.map(({ contentId, attachmentName: name }) => ({ contentId, name })),
            today: '2025/07/01',
          },
        ),
        [],
      )
    })
  }

  it('is a status, of every kind', () => {
    for (const statusCode of [1, 2, 3, 4, 5, 6, 13, 15, 16]) assert.deepEqual(codes({ ...status, statusCode }), [])
    for (const statusCode of [1, 3, 4, 5, 6, 15]) {
      assert.deepEqual(codes({ ...status, statusCode, description: null }), [])
    }
  })

  it('is each golden packet of the writer', async () => {
    const names = readdirSync(new URL('../../test/fixtures/written', import.meta.url))
    assert.ok(names.length >= 13)
    for (const name of names) {
      const packet = fixture(`written/${name}`)
      const header = await readHeader(packet)
      const attachments = header.kind === 'status' ? [] : await attachmentsOf(packet)
      assert.deepEqual(codes(header, { attachments }), [], name)
    }
  })

  it('is a sample', async () => {
    const packet = samplePacket({
      from: { organId: 'H29', organName: 'Sở' },
      to: [{ organId: 'H26', organName: 'Nơi nhận' }],
      number: '12/SNV-VP',
      subject: 'Về việc thử nghiệm',
    })
    assert.deepEqual(codes(await readHeader(await collect(packet))), [])
  })
})

/** Each rule broken once: what is changed in a document or status in order, and what is found. */
const broken: readonly (readonly [string, PacketHeader, readonly FindingCode[], ValidationFacts?])[] = [
  ['a sender called null', { ...document, from: organization('null', 'x') }, ['SENDER_MISSING']],
  ['no recipient', { ...document, to: [] }, ['RECIPIENT_MISSING']],
  [
    'a recipient without code',
    { ...document, to: [organization('', 'x'), organization('null', 'x')] },
    ['RECIPIENT_MISSING'],
  ],
  [
    'a recipient thrice, in two spellings',
    { ...document, to: [recipient, { ...recipient, organId: 'h26.10' }, recipient] },
    ['RECIPIENT_REPEATED'],
  ],
  ['the sender as recipient', { ...document, to: [recipient, sender] }, ['RECIPIENT_IS_SENDER']],
  ['a recipient without name', { ...document, to: [organization('H1', null)] }, ['ORGAN_NAME_MISSING']],
  ['no number', { ...document, code: { number: null, notation: 'VP' } }, ['NUMBER_MISSING']],
  ['no notation', { ...document, code: { number: '1', notation: null } }, ['NOTATION_MISSING']],
  ['no date of issue', { ...document, promulgationDate: null }, ['ISSUE_DATE_MISSING']],
  ['a date of issue to come', document, ['ISSUE_DATE_FUTURE'], { today: '2025/06/30' }],
  ['a due date before the date of issue', { ...document, dueDate: '2025/06/30' }, ['DUE_BEFORE_ISSUE']],
  ['no type', { ...document, documentType: { ...document.documentType, typeName: null } }, ['TYPE_NAME_MISSING']],
  ['no subject', { ...document, subject: null }, ['SUBJECT_MISSING']],
  ['no signer', { ...document, signer: { ...document.signer, fullName: null } }, ['SIGNER_MISSING']],
  ['no file at all', { ...document, references: [] }, ['FILE_MISSING'], { attachments: [] }],
  ['an empty manifest', { ...document, references: [] }, ['MANIFEST_EMPTY']],
  [
    'an empty manifest beside a file',
    { ...document, references: [] },
    ['MANIFEST_EMPTY'],
    { attachments: [file('1')] },
  ],
  [
    'a manifest without its files',
    { ...document, references: [listed('cid:1')] },
    ['FILE_MISSING', 'FILE_NOT_THERE'],
    { attachments: [] },
  ],
  [
    'a file listed under another id',
    { ...document, references: [listed('cid:1', 'a.pdf')] },
    ['FILE_NOT_THERE', 'FILE_NOT_LISTED'],
    { attachments: [file('2', 'a.pdf')] },
  ],
  ['one id for two files', { ...document, references: [listed('cid:1'), listed('1')] }, ['CONTENT_ID_REPEATED']],
  ['a business type nobody knows', { ...document, businessType: 9 }, ['BUSINESS_TYPE_UNKNOWN']],
  ['changes in a new document', { ...document, ...business(0, { changes: [change] }) }, ['BUSINESS_PART_MISPLACED']],
  [
    'replacements in a recall',
    { ...document, ...business(1, { replacements: [replaced] }) },
    ['BUSINESS_PART_MISPLACED'],
  ],
  ['a recall without reason', { ...document, ...business(1, { reason: null }) }, ['RECALL_REASON_MISSING']],
  ['an update of nothing', { ...document, ...business(2, { changes: [change] }) }, ['UPDATED_DOCUMENT_MISSING']],
  ['an update without changes', { ...document, ...business(2, { documentId: 'x' }) }, ['CHANGES_MISSING']],
  [
    'an update that changes nothing',
    { ...document, ...business(2, { documentId: 'x', changes: [{ ...change, documentInfo: false }] }) },
    ['CHANGE_EMPTY'],
  ],
  [
    'an update of recipients that names none',
    { ...document, ...business(2, { documentId: 'x', ...recipients() }) },
    ['CHANGED_RECEIVERS_UNCLEAR'],
  ],
  [
    'an update of a recipient without code',
    { ...document, ...business(2, { documentId: 'x', ...recipients({ organId: null, receiverType: 1 }) }) },
    ['CHANGED_RECEIVERS_UNCLEAR'],
  ],
  [
    'an update of a recipient neither added nor removed',
    { ...document, ...business(2, { documentId: 'x', ...recipients({ organId: 'H26', receiverType: 2 }) }) },
    ['CHANGED_RECEIVERS_UNCLEAR'],
  ],
  ['a replacement of nothing', { ...document, ...business(3, {}) }, ['REPLACEMENTS_MISSING']],
  [
    'a replacement without id, and one without recipients',
    {
      ...document,
      ...business(3, {
        replacements: [{ ...replaced, documentId: null }, replaced, { ...replaced, organIds: ['null'] }],
      }),
    },
    ['REPLACEMENT_INCOMPLETE', 'REPLACEMENT_INCOMPLETE'],
  ],
  [
    'a replacement of itself',
    { ...document, ...business(3, { replacements: [{ ...replaced, documentId: document.documentId }] }) },
    ['REPLACEMENT_OF_ITSELF'],
  ],
  ['a status without code', { ...status, statusCode: null }, ['STATUS_CODE_MISSING']],
  ['a status nobody knows', { ...status, statusCode: 7 }, ['STATUS_CODE_UNKNOWN']],
  ['a status about nothing', { ...status, responseFor: [] }, ['RESPONSE_FOR_MISSING']],
  [
    'a status about a number without date',
    { ...status, responseFor: [{ ...answered, documentId: null, promulgationDate: null }] },
    ['RESPONSE_FOR_INCOMPLETE'],
  ],
  [
    'a status about a document nobody can find',
    { ...status, responseFor: [{ ...answered, documentId: null, code: null }] },
    ['RESPONSE_FOR_INCOMPLETE'],
  ],
  [
    'a status with OrganId and Code swapped',
    await readHeader(fixture('swapped-take-back.edxml')),
    ['RESPONSE_FOR_SWAPPED', 'STATUS_TIME_MISSING'],
  ],
  [
    'a status to nobody',
    { ...status, responseFor: [{ ...answered, organId: 'null', documentId: '5e515fca-1111-4222-8333-444455556666' }] },
    ['STATUS_RECIPIENT_MISSING'],
  ],
  [
    'a status to its own sender',
    { ...status, responseFor: [{ ...answered, organId: ' h26.10 ' }] },
    ['RECIPIENT_IS_SENDER'],
  ],
  ['a refusal without reason', { ...status, statusCode: 2, description: null }, ['STATUS_REASON_MISSING']],
  ['a take-back without reason', { ...status, statusCode: 13, description: null }, ['STATUS_REASON_MISSING']],
  ['a declined change without reason', { ...status, statusCode: 16, description: null }, ['STATUS_REASON_MISSING']],
  ['a status without time', { ...status, timestamp: null }, ['STATUS_TIME_MISSING']],
]

describe('a packet that breaks a rule', () => {
  for (const [what, header, expected, facts] of broken) {
    it(`has ${what}: ${expected.join(', ')}`, () => assert.deepEqual(codes(header, facts), expected))
  }

  it('was tried for every rule there is', () => {
    const tried = new Set(broken.flatMap(([, , expected]) => expected))
    assert.deepEqual(
      Object.keys(packetFindings).filter((code) => !tried.has(code as FindingCode)),
      [],
    )
  })

  it('is told how bad it is, and what it is about', () => {
    assert.deepEqual(validatePacket({ ...status, description: null }), [
      { code: 'STATUS_REASON_MISSING', detail: { code: '02' }, severity: 'error' },
    ])
    assert.deepEqual(validatePacket({ ...document, to: [recipient, recipient] }), [
      { code: 'RECIPIENT_REPEATED', detail: { organ: 'H26.10' }, severity: 'warning' },
    ])
  })

  it('is the packet as gateways really send it, and is described', async () => {
    const header = await readHeader(fixture('gateway-2025.edxml'))
    assert.deepEqual(codes(header), [
      'ORGAN_NAME_MISSING',
      'ISSUE_DATE_MISSING',
      'TYPE_NAME_MISSING',
      'SIGNER_MISSING',
      'MANIFEST_EMPTY',
    ])
  })
})

describe('manifest and attachments', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{6}$/), { minLength: 1, maxLength: 6 })
  const oneId = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4}$/), { minLength: 6, maxLength: 6 })

  it('agree in any order, with cid: or without it, and by name where one side has no id', () => {
    fc.assert(
      fc.property(names, oneId, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (found, ids, flips) => {
        const id = (index: number) => `${flips[index] ? 'cid:' : ' '}${ids[index]}`
        const bare = (index: number) => (flips[index + 6] ? null : (ids[index] ?? null))
        const all = found.map((name, index) => ({ name, id: id(index), bare: bare(index) }))
        for (const [one, other] of [
          ['id', 'bare'],
          ['bare', 'id'],
        ] as const) {
          const references = all.map((each) => listed(each[one], each.name))
          const attachments = all.map((each) => file(each[other], each.name)).toReversed()
          assert.deepEqual(codes({ ...document, references }, { attachments }), [])
        }
      }),
      { numRuns: 200 },
    )
  })

  it('agree in a packet as the reader gives it', async () => {
    const attachments = await attachmentsOf(fixture('document.edxml'))
    assert.ok(attachments.length > 0)
    assert.deepEqual(codes(document, { attachments }), [])
    assert.deepEqual(codes(document, { attachments: attachments.slice(1) }).at(-1), 'FILE_NOT_THERE')
  })

  it('are named by what differs', () => {
    const references = [listed('cid:1', 'a.pdf'), listed(null, 'b.pdf'), listed(null, null)]
    const attachments = [file('1', 'other.pdf'), file('3', 'c.pdf')]
    assert.deepEqual(
      validatePacket({ ...document, references }, { attachments }).map(({ code, detail }) => [code, detail['file']]),
      [
        ['FILE_NOT_THERE', 'b.pdf'],
        ['FILE_NOT_THERE', '?'],
        ['FILE_NOT_LISTED', '3'],
      ],
    )
  })
})

it('findings stop at a hundred, however broken the packet', () => {
  const to = Array.from({ length: 500 }, (_, index) => organization(`H${index % 200}`, 'x'))
  const started = performance.now()
  assert.equal(validatePacket({ ...document, to }).length, 100)
  const attachments = Array.from({ length: 100_000 }, (_, index) => file(`${index}`))
  const references = attachments.map(({ contentId }) => listed(contentId))
  assert.equal(validatePacket({ ...document, references }, { attachments }).length, 0)
  assert.ok(performance.now() - started < 5_000)
  assert.deepEqual(codes(headerWith({ kind: 'status' })).includes('RESPONSE_FOR_MISSING'), true)
})
