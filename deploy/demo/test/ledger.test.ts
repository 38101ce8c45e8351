import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ClientReport, Ledger, type Letter } from '../src/ledger.ts'

describe('ledger', () => {
  it('counts every recipient of every document that has read exactly its bytes once', () => {
    const ledger = ledgerOf(letter('a', ['X', 'Y']), letter('b', ['X']))
    for (const read of [report('X', 'a'), report('Y', 'a'), report('X', 'b')]) ledger.received(read)

    assert.deepEqual(ledger.totals(), { due: 3, delivered: 3, lost: 0, duplicated: 0, strange: 0 })
  })

  it('calls a document lost where nobody read it', () => {
    const ledger = ledgerOf(letter('a', ['X', 'Y']))
    ledger.received(report('X', 'a'))

    assert.deepEqual(ledger.totals(), { due: 2, delivered: 1, lost: 1, duplicated: 0, strange: 0 })
    assert.equal(ledger.answered, false)
  })

  it('counts each further copy in one mailbox as a duplicate', () => {
    const ledger = ledgerOf(letter('a', ['X']))
    for (let copies = 0; copies < 3; copies += 1) ledger.received(report('X', 'a'))

    assert.deepEqual(ledger.totals(), { due: 1, delivered: 1, lost: 0, duplicated: 2, strange: 0 })
  })

  it('takes other bytes under the same uid for what they are: one lost, one strange', () => {
    const ledger = ledgerOf(letter('a', ['X']))
    ledger.received({ ...report('X', 'a'), sha256: 'changed' })

    assert.deepEqual(ledger.totals(), { due: 1, delivered: 0, lost: 1, duplicated: 0, strange: 1 })
    assert.equal(ledger.answered, true)
  })

  it('calls a document strange at an organisation it was not sent to', () => {
    const ledger = ledgerOf(letter('a', ['X']))
    ledger.received(report('X', 'a'))
    ledger.received(report('Y', 'a'))

    assert.deepEqual(ledger.totals(), { due: 1, delivered: 1, lost: 0, duplicated: 0, strange: 1 })
  })
})

function ledgerOf(...letters: readonly Letter[]): Ledger {
  const ledger = new Ledger()
  for (const each of letters) ledger.sent(each)
  return ledger
}

function letter(name: string, to: readonly string[]): Letter {
  return { title: name, uid: `uid ${name}`, sha256: `sha256 ${name}`, bytes: 1, from: 'S', to }
}

function report(organ: string, name: string): ClientReport {
  const { uid, sha256, bytes, from } = letter(name, [organ])
  return { organ, item: 1, uid, sha256, bytes, from, deliveredAt: 1, readAt: 2 }
}
