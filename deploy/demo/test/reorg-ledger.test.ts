import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ReorgLedger } from '../src/reorg-ledger.ts'

describe('the ledger of a re-organisation', () => {
  const ledgerOf = (to: readonly string[], ...readers: readonly string[]) => {
    const ledger = new ReorgLedger(
      new Map([
        ['A', 'Y'],
        ['B', 'Y'],
      ]),
    )
    ledger.sent({ title: '1', sha256: 'x', to })
    for (const organ of readers) ledger.received({ sha256: 'x', organ })
    const { lost, duplicated } = ledger.totals()
    return [lost, duplicated]
  }

  it('takes who took over for a recipient, once for several', () => {
    assert.deepEqual(ledgerOf(['A'], 'A'), [0, 0])
    assert.deepEqual(ledgerOf(['A'], 'Y'), [0, 0])
    assert.deepEqual(ledgerOf(['A', 'B'], 'Y'), [0, 0])
    assert.deepEqual(ledgerOf(['A', 'B', 'Y'], 'A', 'Y'), [0, 0])
    assert.deepEqual(ledgerOf(['A', 'B'], 'A', 'Y'), [0, 0])
  })

  it('sees what nobody read, and what was read twice', () => {
    assert.deepEqual(ledgerOf(['A']), [1, 0])
    assert.deepEqual(ledgerOf(['A', 'B'], 'A'), [1, 0])
    assert.deepEqual(ledgerOf(['C'], 'Y'), [1, 1])
    assert.deepEqual(ledgerOf(['A'], 'A', 'Y'), [0, 1])
    assert.deepEqual(ledgerOf(['A', 'B'], 'A', 'B', 'Y'), [0, 1])
    assert.deepEqual(ledgerOf(['Y'], 'Y', 'Y'), [0, 1])
  })
})
