import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Delivery, Hello } from '../src/contract.ts'
import { answerControl } from '../src/control.ts'
import { decodeHello } from '../src/wire/hello.ts'

const hello: Hello = { node: 'H29', instance: 'p', versions: [1], maxFrameBytes: 524_288, tableVersion: 7 }

function delivery(change: Partial<Delivery>): Delivery {
  return {
    queue: 'lt.transit.express',
    exchange: 'lt.from.H29.18',
    routingKey: 'express',
    body: new Uint8Array(12),
    type: 'lt.canary',
    userId: 'H29.18',
    replyTo: undefined,
    correlationId: undefined,
    headers: {},
    redelivered: false,
    settle: () => {},
    ...change,
  }
}

describe('answer to control messages', () => {
  it('sends a canary back unchanged to the child that the exchange names', () => {
    const body = Uint8Array.of(1, 2, 3)

    assert.deepEqual(answerControl(delivery({ body }), hello), {
      exchange: 'lt.out',
      routingKey: 'lt.link.H29.18.express',
      type: 'lt.canary',
      body,
    })
  })

  it('answers a hello with its own', () => {
    const answer = answerControl(delivery({ type: 'lt.hello' }), hello)

    assert.ok(answer)
    assert.equal(answer.type, 'lt.hello')
    assert.deepEqual(decodeHello(answer.body), hello)
  })

  it('answers nothing else', () => {
    assert.equal(answerControl(delivery({ type: 'lt.frame' }), hello), null)
    assert.equal(answerControl(delivery({ type: undefined }), hello), null)
    assert.equal(answerControl(delivery({ exchange: 'lt.out' }), hello), null)
    assert.equal(answerControl(delivery({ body: new Uint8Array(65) }), hello), null)
  })
})
