/** What an axis asks before it is connected. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Overlap } from '@lienthong/core'
import {
  createSealingKey,
  decodeJoinRequest,
  decodeSurvey,
  decodeSurveyAnswer,
  encodeJoinAnswer,
  encodeJoinRequest,
  encodeSurvey,
  encodeSurveyAnswer,
  makeJoinRequest,
  surveysOf,
} from '../src/index.ts'
import { encodeCbor } from '../src/wire/cbor.ts'

const invalid = { code: 'FRAME_INVALID' }
const asked = { invitation: 'ab12', node: 'H29' }

describe('a survey', () => {
  it('comes back as it was, and is no request to join, nor that a survey', () => {
    const survey = { ...asked, claims: { nodes: ['H29.18'], organisations: [['H29'], ['H29.18', '000.00.18.H29']] } }
    assert.deepEqual(decodeSurvey(encodeSurvey(survey)), survey)
    assert.throws(() => decodeJoinRequest(encodeSurvey(survey)), invalid)
    const request = makeJoinRequest('H29', createSealingKey('H29', 1), 'ab12')
    assert.equal(decodeSurvey(encodeJoinRequest(request)), null)
  })

  it('is asked in as many parts as it takes, with everything in one of them', () => {
    const nodes = Array.from({ length: 5_000 }, (_, index) => `H29.${index}`)
    const organisations = Array.from({ length: 6_000 }, (_, index) => [`H29.X${index}`])
    const parts = surveysOf({ ...asked, claims: { nodes, organisations } })
    assert.equal(parts.length, 3)
    assert.deepEqual(
      parts.flatMap(({ claims }) => claims.nodes),
      nodes,
    )
    assert.deepEqual(
      parts.flatMap(({ claims }) => claims.organisations),
      organisations,
    )
    for (const part of parts) {
      const body = encodeSurvey(part)
      assert.ok(body.length < 512 * 1024)
      assert.deepEqual(decodeSurvey(body), part)
    }
    assert.equal(surveysOf({ ...asked, claims: { nodes: [], organisations: [] } }).length, 1)
  })

  it('is refused past its bounds', () => {
    const nodes = Array.from({ length: 4_001 }, (_, index) => `H29.${index}`)
    assert.throws(() => decodeSurvey(encodeSurvey({ ...asked, claims: { nodes, organisations: [] } })), invalid)
    const organisations = Array.from({ length: 2_001 }, (_, index) => [`H29.X${index}`])
    const both = { nodes: nodes.slice(0, 2_000), organisations }
    assert.throws(() => decodeSurvey(encodeSurvey({ ...asked, claims: both })), invalid)
    const claims = { nodes: [], organisations: [['a', 'b', 'c', 'd', 'e']] }
    assert.throws(() => decodeSurvey(encodeSurvey({ ...asked, claims })), invalid)
    assert.throws(() => decodeSurvey(new Uint8Array([0xff])), invalid)
  })

  it('is answered by what overlaps, told to a bound and counted, or by a code', () => {
    const overlap: Overlap = {
      kind: 'organisation',
      code: 'H29.18',
      node: 'G22',
      organ: 'G22.1',
      name: 'Xã 𝒳'.repeat(200),
    }
    const many = Array.from({ length: 1_500 }, () => overlap)
    const answer = decodeSurveyAnswer(encodeSurveyAnswer(many))
    assert.ok('overlaps' in answer)
    assert.deepEqual([answer.overlaps.length, answer.count], [1_000, 1_500])
    assert.ok(overlap.name.startsWith(answer.overlaps[0]?.name ?? '?'))
    const outside: Overlap = { kind: 'outside', code: 'H31', node: null, organ: null, name: '' }
    assert.deepEqual(decodeSurveyAnswer(encodeSurveyAnswer([outside])), { overlaps: [outside], count: 1 })
    const refused = { refused: 'TOKEN_EXPIRED', detail: { node: 'H29' } } as const
    assert.deepEqual(decodeSurveyAnswer(encodeJoinAnswer(refused)), refused)
    const strange = new Map<number, unknown>([
      [1, 1],
      [18, [[9, 'H29', null, null, '']]],
      [19, 1],
    ])
    assert.throws(() => decodeSurveyAnswer(encodeCbor(strange)), invalid)
  })
})
