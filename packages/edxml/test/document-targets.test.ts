import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type DocumentTarget,
  isSwapped,
  type PacketHeader,
  type ResponseFor,
  readHeader,
  replacedDocuments,
  targetsOf,
} from '../src/index.ts'
import { fixture, headerWith, organization } from './fixture.ts'

const nothing: ResponseFor = { organId: null, code: null, documentId: null, promulgationDate: null }
const original = { code: '7/BC', date: '2025/07/01', id: 'G22,2025/07/01,7/BC' }

function business(businessType: number, given: Partial<PacketHeader['business']> = {}): Partial<PacketHeader> {
  return { businessType, business: { ...headerWith({}).business, ...given } }
}

/** A full packet of that type; each of its fields names the original. */
function changing(businessType: number, less: Partial<PacketHeader> = {}): PacketHeader {
  return headerWith({
    from: organization('G22', null),
    to: [organization('H41', null)],
    documentId: original.id,
    code: { number: '7', notation: 'BC' },
    promulgationDate: original.date,
    ...business(businessType, { documentId: 'by business' }),
    responseFor: [{ organId: 'H41', code: '9/TB', documentId: 'by response', promulgationDate: '2025/07/02' }],
    ...less,
  })
}

const known = ({ via, documentId, code, date }: DocumentTarget) =>
  documentId === null ? [via, `${code} ${date}`] : [via, documentId]

function status(statusCode: number, ...responseFor: readonly Partial<ResponseFor>[]): PacketHeader {
  return headerWith({
    kind: 'status',
    from: organization('G22', null),
    statusCode,
    responseFor: responseFor.map((given) => ({ ...nothing, ...given })),
  })
}

describe('the document that is meant', () => {
  for (const type of [1, 2]) {
    it(`by a packet of type ${type}: where it stands, best first`, () => {
      assert.deepEqual(targetsOf(changing(type)).map(known), [
        ['business', 'by business'],
        ['document', original.id],
        ['response', 'by response'],
        ['number', '7/BC 2025/07/01'],
        ['response-number', '9/TB 2025/07/02'],
      ])
    })
  }

  it('is found by each next place when those before say nothing', () => {
    const noId = business(1)
    assert.deepEqual(known(targetsOf(changing(1, noId))[0] as DocumentTarget), ['document', original.id])
    const noIds = { ...noId, documentId: null }
    assert.deepEqual(known(targetsOf(changing(1, noIds))[0] as DocumentTarget), ['response', 'by response'])
    const noResponse = { ...noIds, responseFor: [] }
    assert.deepEqual(targetsOf(changing(1, noResponse)), [
      { documentId: null, code: '7/BC', date: '2025/07/01', from: 'G22', via: 'number' },
    ])
    assert.deepEqual(targetsOf(changing(1, { ...noResponse, code: { number: null, notation: 'BC' } })), [])
  })

  it('is named once, from the best place, when several say the same', () => {
    const same = changing(1, { ...business(1, { documentId: original.id }), responseFor: [] })
    assert.deepEqual(targetsOf(same).map(known), [
      ['business', original.id],
      ['number', '7/BC 2025/07/01'],
    ])
  })

  it('is nobody’s for a new document, whatever it answers', () => {
    assert.deepEqual(targetsOf(changing(0)), [])
    assert.deepEqual(targetsOf(changing(7)), [])
    assert.deepEqual(replacedDocuments(changing(1)), [])
  })

  it('by a replacement is each one listed, with those who had received it', () => {
    const replacements = [
      { documentId: 'a', organIds: ['H41', 'H26'] },
      { documentId: 'b', organIds: [] },
      { documentId: null, organIds: ['H29'] },
    ]
    const header = changing(3, business(3, { documentId: 'other', replacements }))
    const target = (documentId: string) => ({ documentId, code: null, date: null, from: 'G22', via: 'replacement' })
    assert.deepEqual(replacedDocuments(header), [
      { targets: [target('a')], receivers: ['H41', 'H26'] },
      { targets: [target('b')], receivers: [] },
      { targets: [], receivers: ['H29'] },
    ])
    assert.deepEqual(targetsOf(header), [])
  })

  it('by a replacement whose list has no id is looked for elsewhere, but not under its own id or number', () => {
    const elsewhere = [
      ['business', 'by business'],
      ['response', 'by response'],
      ['response-number', '9/TB 2025/07/02'],
    ]
    const unlisted = changing(3)
    assert.deepEqual(targetsOf(unlisted).map(known), elsewhere)
    assert.deepEqual(replacedDocuments(unlisted)[0]?.targets.map(known), elsewhere)
    const replacements = [{ documentId: null, organIds: ['H41'] }]
    const nameless = changing(3, business(3, { documentId: 'by business', replacements }))
    assert.deepEqual(
      replacedDocuments(nameless).map(({ targets, receivers }) => [targets.map(known), receivers]),
      [[elsewhere, ['H41']]],
    )
  })

  it('by a status is one of the organisation it goes to', async () => {
    assert.deepEqual(targetsOf(await readHeader(fixture('status.edxml'))), [
      {
        documentId: 'H29.18.05,2025/07/01,123/UBND-VP',
        code: null,
        date: null,
        from: 'H29.18.05',
        via: 'response',
      },
      { documentId: null, code: '123/UBND-VP', date: '2025/07/01', from: 'H29.18.05', via: 'response-number' },
    ])
  })

  it('by a take-back is the sender’s own, also when OrganId and Code are swapped', async () => {
    const swapped = await readHeader(fixture('swapped-take-back.edxml'))
    assert.equal(
      swapped.responseFor.every((answered) => isSwapped(answered)),
      true,
    )
    assert.deepEqual(targetsOf(swapped), [
      {
        documentId: '000.00.00.H41,2025/07/01,7816/VPCP-TTĐT',
        code: null,
        date: null,
        from: '000.00.00.G22',
        via: 'response',
      },
      {
        documentId: '000.00.00.G22,2025/07/01,7816/VPCP-TTĐT',
        code: null,
        date: null,
        from: '000.00.00.G22',
        via: 'swapped',
      },
      { documentId: null, code: '7816/VPCP-TTĐT', date: '2025/07/01', from: '000.00.00.G22', via: 'swapped' },
    ])
    const straight = status(13, {
      organId: 'H41',
      code: '7/BC',
      documentId: original.id,
      promulgationDate: '2025/07/01',
    })
    assert.deepEqual(targetsOf(straight).map(known), [
      ['response', original.id],
      ['response-number', '7/BC 2025/07/01'],
    ])
    assert.ok(targetsOf(straight).every(({ from }) => from === 'G22'))
  })

  it('is told from a swap by what the sender’s system named beside the packet', () => {
    const odd = status(13, { organId: '7816', code: 'vxp.saas.03', promulgationDate: '2025/07/01' })
    assert.deepEqual(targetsOf(odd).map(known), [['response-number', 'vxp.saas.03 2025/07/01']])
    assert.deepEqual(targetsOf(odd, { to: ['VXP.saas.03'] }).map(known), [['swapped', '7816 2025/07/01']])

    assert.equal(isSwapped({ ...nothing, organId: '7816', code: 'vxp.saas.03', documentId: 'vxp.saas.03,2025' }), true)

    const nameless = status(3, { organId: 'null', documentId: '5e515fca-1111-4222-8333-444455556666' })
    assert.equal(targetsOf(nameless)[0]?.from, null)
    assert.equal(targetsOf(nameless, { to: ['H41'] })[0]?.from, 'H41')
  })

  it('is not taken for swapped when a number looks a little like a code', () => {
    for (const answered of [
      { organId: 'H29', code: '267' },
      { organId: 'H29', code: 'H26.10' },
      { organId: 'null', code: 'H26.10' },
      { organId: '267/UBND', code: '12/TB' },
      { code: 'H26.10' },
      { organId: '267/UBND' },
    ]) {
      assert.equal(isSwapped({ ...nothing, ...answered }), false, JSON.stringify(answered))
    }
  })
})

const text = fc.option(
  fc.oneof(
    fc.constantFrom('H41', '000.00.00.H41', 'G22', 'null', '7/BC', '2025/07/01', 'H41,2025/07/01,7/BC', 'G22-2025-7'),
    fc.string({ maxLength: 12 }),
  ),
)
const anyResponse: fc.Arbitrary<ResponseFor> = fc.record({
  organId: text,
  code: text,
  documentId: text,
  promulgationDate: text,
})
const anyHeader: fc.Arbitrary<PacketHeader> = fc
  .record({
    kind: fc.constantFrom('document', 'status'),
    organId: fc.constantFrom('G22', 'H26.10', 'x'),
    documentId: text,
    number: text,
    notation: text,
    businessType: fc.integer({ min: 0, max: 4 }),
    businessId: text,
    statusCode: fc.option(fc.integer({ min: 0, max: 17 })),
    responseFor: fc.array(anyResponse, { maxLength: 3 }),
    replacements: fc.array(fc.record({ documentId: text, organIds: fc.array(fc.string()) }), { maxLength: 3 }),
  })
  .map((given) =>
    headerWith({
      kind: given.kind,
      from: organization(given.organId, null),
      documentId: given.documentId,
      code: { number: given.number, notation: given.notation },
      statusCode: given.kind === 'status' ? given.statusCode : null,
      responseFor: given.responseFor,
      ...business(given.businessType, { documentId: given.businessId, replacements: given.replacements }),
    }),
  )

describe('targets of any header', () => {
  it('are known by id or by number, each once, ids first, and belong to the sender where only it may speak', () => {
    fc.assert(
      fc.property(anyHeader, fc.array(fc.constantFrom('H41', 'G22', 'y'), { maxLength: 2 }), (header, to) => {
        const replaced = replacedDocuments(header, { to })
        for (const targets of [targetsOf(header, { to }), ...replaced.map((document) => document.targets)]) {
          const keys = targets.map((target) => JSON.stringify({ ...target, via: null }))
          assert.equal(new Set(keys).size, keys.length)
          const firstNumber = targets.findIndex(({ documentId }) => documentId === null)
          const lastId = targets.findLastIndex(({ documentId }) => documentId !== null)
          assert.ok(firstNumber < 0 || lastId < firstNumber)
          for (const { documentId, code, from } of targets) {
            assert.notEqual(documentId === null, code === null)
            if (header.kind === 'document' || header.statusCode === 13) assert.equal(from, header.from.organId)
          }
        }
        const named = header.kind === 'document' && header.businessType === 3
        assert.equal(replaced.length, named ? Math.max(1, header.business.replacements.length) : 0)
      }),
      { numRuns: 500 },
    )
  })
})
