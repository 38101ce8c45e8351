import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type PacketHeader, readHeader, writeStatus } from '@lienthong/edxml'
import { businessStatusOf, changeAskedBy, documentsMeant } from '../src/header.ts'

const answered = { organId: 'H29', code: '7/BC', documentId: 'id-a', promulgationDate: '2025/07/01' }
const names = [{ documentId: 'id-a' }, { number: '7/BC', date: '2025/07/01' }]

function status(statusCode: number, description = 'Lý do'): Promise<PacketHeader> {
  const from = { organId: 'H26', organName: 'Cơ quan' }
  return readHeader(writeStatus({ from, responseFor: [answered], statusCode, description, sentAt: 0 }))
}

describe('what a packet says about an earlier document', () => {
  it('is the status and the names of the document, best first', async () => {
    assert.deepEqual(businessStatusOf(await status(2)), { about: names, code: 2, description: 'Lý do' })
    assert.equal(changeAskedBy(await status(2)), null)
    assert.equal(businessStatusOf(null), null)
  })

  it('is for its sender alone when it is a take-back', async () => {
    assert.equal(businessStatusOf(await status(13)), null)
    assert.deepEqual(changeAskedBy(await status(13)), { about: names, code: 13, description: 'Lý do' })
  })

  it('is a wish to change for a recall and an update, and nothing for other documents', async () => {
    const header: PacketHeader = {
      ...(await status(1)),
      kind: 'document',
      statusCode: null,
      description: null,
      documentId: 'id-b',
      code: { number: '8', notation: null },
      promulgationDate: null,
    }
    const business = { ...header.business, reason: 'Ban hành nhầm' }
    for (const businessType of [1, 2]) {
      assert.deepEqual(changeAskedBy({ ...header, businessType, business }), {
        about: [{ documentId: 'id-b' }, ...names],
        code: 13,
        description: 'Ban hành nhầm',
      })
    }
    for (const businessType of [0, 3, 9]) assert.equal(changeAskedBy({ ...header, businessType, business }), null)
    assert.equal(businessStatusOf({ ...header, businessType: 1, business }), null)
  })

  it('names each document that is to be taken back or changed, and none when nothing is', async () => {
    assert.deepEqual(documentsMeant(await status(13), []), [names])
    assert.equal(documentsMeant(await status(15), []), null)
    const header: PacketHeader = { ...(await status(1)), kind: 'document', statusCode: null, documentId: 'id-b' }
    const replacements = ['id-c', 'id-d'].map((documentId) => ({ documentId, organIds: ['H29'] }))
    const business = { ...header.business, replacements }
    const of = (businessType: number) => documentsMeant({ ...header, businessType, business }, [])
    assert.deepEqual(of(3), [[{ documentId: 'id-c' }], [{ documentId: 'id-d' }]])
    for (const type of [1, 2]) assert.deepEqual(of(type)?.[0]?.[0], { documentId: 'id-b' })
    for (const type of [0, 9]) assert.equal(of(type), null)
  })

  it('is short, however much the packet says', async () => {
    const header = await status(3, 'ă'.repeat(400))
    const responseFor = Array.from({ length: 1000 }, (_, index) => ({ ...answered, documentId: `id-${index}` }))
    const long = businessStatusOf({ ...header, description: 'ă'.repeat(5000), responseFor })
    assert.equal(long?.about.length, 8)
    assert.equal(long.description?.length, 500)
    const nameless = { organId: 'H29', code: '7/BC', documentId: null, promulgationDate: null }
    assert.equal(businessStatusOf({ ...header, responseFor: [nameless] }), null)
  })
})
