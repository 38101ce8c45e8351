import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { CreditQueue } from '../src/credit-queue.ts'

describe('credit queue', () => {
  it('gives credit in the order of asking and never more than there is', async () => {
    const credit = new CreditQueue(100, () => true)
    const served: number[] = []
    const ask = async (bytes: number): Promise<void> => {
      await credit.wait(bytes)
      credit.use(bytes)
      served.push(bytes)
    }

    const asked = [60, 50, 30, 10].map(ask)
    await turn()
    assert.deepEqual(served, [60])

    credit.free(60)
    credit.grant()
    await turn()
    assert.deepEqual(served, [60, 50, 30, 10])
    assert.equal(credit.usedBytes, 90)
    await Promise.all(asked)
  })

  it('keeps aside what was granted and not yet used, and gives it back when it never is', async () => {
    const credit = new CreditQueue(100, () => true)
    await credit.wait(80)
    let second = false
    const waiting = credit.wait(80).then(() => {
      second = true
    })

    await Promise.resolve()
    assert.equal(second, false)
    await waiting
    assert.equal(credit.usedBytes, 0)
  })

  it('lets a message over the limit pass alone', async () => {
    const credit = new CreditQueue(100, () => true)

    await credit.wait(500)
    credit.use(500)

    assert.equal(credit.usedBytes, 500)
  })

  it('waits while nothing may be granted, and ends with the reason of whoever gives up', async () => {
    let mayGrant = false
    const credit = new CreditQueue(100, () => mayGrant)
    const giveUp = new AbortController()
    const abandoned = credit.wait(10, giveUp.signal)
    const patient = credit.wait(10)

    giveUp.abort(new Error('gave up'))
    await assert.rejects(abandoned, /gave up/)
    mayGrant = true
    credit.grant()
    await patient

    mayGrant = false
    const last = credit.wait(10)
    credit.end(new Error('over'))
    await assert.rejects(last, /over/)
    await assert.rejects(credit.wait(1), /over/)
  })
})
