import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loopback, openNetworks } from '../src/networks.ts'
import { openRateLimit } from '../src/rate-limit.ts'

describe('networks', () => {
  for (const [written, address, inside] of [
    [['10.1.0.0/16'], '10.1.255.7', true],
    [['10.1.0.0/16'], '10.2.0.1', false],
    [['10.1.0.0/16'], '::ffff:10.1.0.1', true],
    [['2001:db8::/32'], '2001:db8:1::5', true],
    [['2001:db8::/32'], '2001:db9::5', false],
    [['192.0.2.7'], '192.0.2.7', true],
    [['192.0.2.7'], '192.0.2.8', false],
    [[], '127.0.0.1', false],
    [loopback, '127.8.9.1', true],
    [loopback, '::1', true],
    [loopback, undefined, false],
    [['0.0.0.0/0'], 'no address', false],
  ] as const) {
    it(`${address} is ${inside ? '' : 'not '}in ${written.join(' ') || 'nothing'}`, () => {
      assert.equal(openNetworks(written)(address), inside)
    })
  }

  for (const wrong of ['10.0.0.0/33', '10.0.0/8', 'x', '::1/129', '10.0.0.0/-1', '10.0.0.0/8x', '']) {
    it(`refuses "${wrong}"`, () => assert.throws(() => openNetworks([wrong]), { code: 'CONFIG_INVALID' }))
  }
})

describe('rate limit', () => {
  it('lets a minute’s calls through at once, then one after another, each name by itself', () => {
    let at = 0
    const limit = openRateLimit({ perMinute: 60, now: () => at })
    for (let call = 0; call < 60; call += 1) limit.take('a')
    assert.throws(() => limit.take('a'), { code: 'RATE_LIMITED', detail: { retryAfterSeconds: 1 } })
    limit.take('b')
    at = 1000
    limit.take('a')
    assert.throws(() => limit.take('a'), { code: 'RATE_LIMITED' })
  })

  it('is not fooled by a clock that goes back', () => {
    let at = 1_000_000
    const limit = openRateLimit({ perMinute: 1, now: () => at })
    limit.take('a')
    at = 0
    assert.throws(() => limit.take('a'), { code: 'RATE_LIMITED' })
  })
})
