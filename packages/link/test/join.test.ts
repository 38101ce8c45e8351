/** What a node says when it joins, and what is refused of it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  createSealingKey,
  decodeJoinAnswer,
  decodeJoinRequest,
  encodeJoinAnswer,
  encodeJoinRequest,
  grantLine,
  type Invitation,
  invitationLine,
  type JoinGrant,
  makeJoinRequest,
  readGrantLine,
  readInvitationLine,
  readRequestLine,
  requestLine,
} from '../src/index.ts'

const key = createSealingKey('H29.18', 1)
const roots = [{ kid: 'H29#1', publicKey: createSealingKey('H29', 1).publicKey }]
const address = { url: 'amqps://mq.h29.example:5671', vhost: 'H29', ca: 'PEM' }
const invitation: Invitation = {
  ...{ id: 'ab12', parent: 'H29', child: 'H29.18', expiresAt: 1_800_000_000_000 },
  ...{ address, password: 'secret', roots },
}
const grant: JoinGrant = {
  ...{ parent: 'H29', node: 'H29.18', publicKey: key.publicKey },
  ...{ address, password: 'other', roots },
}
const invalid = { code: 'TOKEN_INVALID' }

describe('joining', () => {
  it('goes as lines that come back as they were', () => {
    assert.deepEqual(readInvitationLine(` ${invitationLine(invitation)}\n`), invitation)
    const { ca: _, ...plain } = address
    const known = { ...invitation, address: plain }
    assert.deepEqual(readInvitationLine(invitationLine(known)), known)
    assert.deepEqual(readGrantLine(grantLine(grant)), grant)
    const request = makeJoinRequest('H29.18', key, null)
    assert.deepEqual(readRequestLine(requestLine(request)), request)
  })

  it('sees a line that lost or changed a single letter, anywhere', () => {
    const line = invitationLine(invitation)
    for (let at = 0; at < line.length; at += 1) {
      const other = line[at] === 'B' ? 'C' : 'B'
      assert.throws(() => readInvitationLine(line.slice(0, at) + other + line.slice(at + 1)), invalid, String(at))
    }
    assert.throws(() => readInvitationLine(line.slice(0, -1)), invalid)
    assert.throws(() => readInvitationLine(''), invalid)
  })

  it('takes no line for another kind of line', () => {
    assert.throws(() => readGrantLine(invitationLine(invitation)), invalid)
    const asGrant = `lta1.${invitationLine(invitation).slice('lt1.'.length)}`
    assert.throws(() => readGrantLine(asGrant), invalid)
  })

  it('is asked with a proof of the key, for this node and this invitation alone', () => {
    const request = makeJoinRequest('H29.18', key, 'ab12')
    assert.deepEqual(decodeJoinRequest(encodeJoinRequest(request)), request)
    const stolen = { kid: 'H29.18#1', publicKey: createSealingKey('H29.18', 1).publicKey }
    for (const wrong of [
      { ...request, invitation: 'cd34' },
      { ...request, invitation: null },
      { ...request, key: stolen },
      { ...request, node: 'H29.19' },
      { ...request, proof: new Uint8Array(64) },
    ]) {
      assert.throws(() => decodeJoinRequest(encodeJoinRequest(wrong)), { code: 'FRAME_INVALID' })
    }
    assert.throws(() => makeJoinRequest('H29.19', key, null), { code: 'CONFIG_INVALID' })
  })

  it('is answered by a grant, or by a code and what it is about', () => {
    assert.deepEqual(decodeJoinAnswer(encodeJoinAnswer({ granted: grant })), { granted: grant })
    const refused = { refused: 'TOKEN_USED', detail: { node: 'H29.18' } } as const
    assert.deepEqual(decodeJoinAnswer(encodeJoinAnswer(refused)), refused)
  })
})
