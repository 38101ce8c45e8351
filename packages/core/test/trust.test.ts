import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  clockAllowanceMs,
  findCertificate,
  findKey,
  keyState,
  keyStatement,
  type NodeKey,
  nodeOfKid,
  numberOfKid,
  openRegistry,
  type RegistryNode,
  revocationStatement,
  type StatedKey,
} from '@lienthong/core'
import fc from 'fast-check'
import { dayMs, entry, federationOf, fourTiers, newKey, now, verifySignature } from './trust-federation.ts'

const root = newKey('G22#1')
const province = newKey('H29#1')
const district = newKey('H29.18#1')

/** A rooted registry of these keys, each under its node. */
function registryOf(keys: readonly NodeKey[], roots = [root]) {
  const nodes: RegistryNode[] = fourTiers.map((node) => ({
    ...node,
    keys: keys.filter(({ kid }) => nodeOfKid(kid) === node.id),
  }))
  return openRegistry({ nodes, roots }, verifySignature)
}

function answerOf(registry: ReturnType<typeof registryOf>, kid: string, at = now): string {
  const answer = findKey(registry, kid, at)
  return answer.found ? 'found' : [answer.code, answer.detail['state']].filter(Boolean).join(' ')
}

describe('the state of a key', () => {
  it('is a matter of the window, with a day for the clocks, and of nothing once it is revoked', () => {
    const key = { validFrom: now, validTo: now + 30 * dayMs }
    for (const [at, state] of [
      [now - clockAllowanceMs - 1, 'not-yet'],
      [now - clockAllowanceMs, 'valid'],
      [now + 30 * dayMs + clockAllowanceMs, 'valid'],
      [now + 30 * dayMs + clockAllowanceMs + 1, 'expired'],
    ] as const) {
      assert.equal(keyState(key, at), state)
      assert.equal(keyState({ ...key, revokedAt: now + dayMs }, at), 'revoked')
    }
    assert.equal(keyState({}, 0), 'valid')
    assert.equal(clockAllowanceMs, dayMs)
  })
})

describe('a registry without roots', () => {
  it('believes its file, vouchers or none', () => {
    const registry = openRegistry(
      { nodes: [{ id: 'H29', parent: null, keys: [province, { ...newKey('H29#2'), revokedAt: now }] }] },
      verifySignature,
    )
    assert.equal(answerOf(registry, 'H29#1'), 'found')
    assert.equal(answerOf(registry, 'H29#2'), 'KEY_REVOKED')
    for (const kid of ['H29#3', 'H30#1', 'H29', '']) assert.equal(answerOf(registry, kid), 'KEY_UNKNOWN')
  })
})

describe('a registry with roots', () => {
  it('finds every key of a federation vouched for from the top down', () => {
    const { registry, keys } = federationOf(fourTiers)
    for (const { kid } of keys.values()) assert.equal(answerOf(registry, kid), 'found')
  })

  it('believes nobody’s key for being in the file', () => {
    const names = ['H29#1', 'H29.18#1']
    const own = registryOf([root, entry(province, []), entry(district, [province])])
    for (const kid of names) assert.equal(answerOf(own, kid), 'KEY_NOT_VOUCHED')
    const namesake = registryOf([newKey('G22#1'), entry(province, [root])])
    assert.equal(answerOf(namesake, 'G22#1'), 'KEY_NOT_VOUCHED')
    const nobody = registryOf([root, entry(province, [root])], [])
    for (const kid of ['G22#1', 'H29#1']) assert.equal(answerOf(nobody, kid), 'KEY_NOT_VOUCHED')
  })

  it('takes the word of the parent only: no sibling’s, grandparent’s, child’s or own', () => {
    const sibling = newKey('H26#1')
    const known = [root, entry(province, [root]), entry(sibling, [root])]
    for (const [signer, answer] of [
      [province, 'found'],
      [root, 'KEY_NOT_VOUCHED'],
      [sibling, 'KEY_NOT_VOUCHED'],
      [district, 'KEY_NOT_VOUCHED'],
    ] as const) {
      assert.equal(answerOf(registryOf([...known, entry(district, [signer])]), 'H29.18#1'), answer, signer.kid)
    }
    // Signed by another key under the parent's name.
    const forged = { ...district, vouchers: [sibling.vouch(district, { by: 'H29#1' })] }
    assert.equal(answerOf(registryOf([...known, forged]), 'H29.18#1'), 'KEY_NOT_VOUCHED')
  })

  it('breaks with every field of the entry that was signed', () => {
    const good = entry(province, [root], { validFrom: now })
    assert.equal(answerOf(registryOf([root, good]), 'H29#1'), 'found')
    const [voucher] = good.vouchers ?? []
    assert.ok(voucher)
    for (const changed of [
      { ...good, publicKey: newKey('H29#1').publicKey },
      { ...good, validFrom: now - 1 },
      { ...good, replaces: 'H29#0' },
      { ...good, vouchers: [{ ...voucher, until: now + dayMs }] },
    ]) {
      assert.equal(answerOf(registryOf([root, changed]), 'H29#1'), 'KEY_NOT_VOUCHED')
    }
    assert.equal(answerOf(registryOf([root, { ...good, kid: 'H29#2' }]), 'H29#2'), 'KEY_NOT_VOUCHED')
  })

  it('ends a key with the earlier of its own end and that of its voucher', () => {
    const until = now + 10 * dayMs
    const limited = { ...province, vouchers: [root.vouch(province, { until })] }
    const at = until + dayMs + 1
    assert.equal(answerOf(registryOf([root, limited]), 'H29#1', at - 1), 'found')
    assert.equal(answerOf(registryOf([root, limited]), 'H29#1', at), 'KEY_EXPIRED expired')
    const earlier = { ...limited, validTo: now }
    assert.equal(answerOf(registryOf([root, earlier]), 'H29#1', now + dayMs + 1), 'KEY_EXPIRED expired')
    const later = { ...limited, validTo: until + 100 * dayMs }
    assert.equal(answerOf(registryOf([root, later]), 'H29#1', at), 'KEY_EXPIRED expired')
  })

  it('lets a revoked key vouch for nothing, until the next one does', () => {
    const next = newKey('H29#2')
    const handedOver = entry(next, [root, province], { replaces: 'H29#1' })
    const lost = [root, { ...entry(province, [root]), revokedAt: now }, handedOver]
    assert.equal(answerOf(registryOf([...lost, entry(district, [province])]), 'H29.18#1'), 'KEY_NOT_VOUCHED')
    assert.equal(answerOf(registryOf([...lost, entry(district, [province, next])]), 'H29.18#1'), 'found')
    assert.equal(answerOf(registryOf(lost), 'H29#2'), 'found', 'the hand-over itself stays')
  })

  it('lets the nearest pinned node speak for what lies below it, and nobody above', () => {
    const roots = [root, province]
    const next = newKey('H29#2')
    const handedOver = entry(next, [province], { replaces: 'H29#1' })
    const registry = registryOf([root, province, handedOver, entry(district, [next])], roots)
    for (const kid of ['G22#1', 'H29#1', 'H29#2', 'H29.18#1']) assert.equal(answerOf(registry, kid), 'found')
    const fromAbove = registryOf([root, province, entry(next, [root], { replaces: 'H29#1' })], roots)
    assert.equal(answerOf(fromAbove, 'H29#2'), 'KEY_NOT_VOUCHED')
  })

  it('believes neither of two keys that claim the same place', () => {
    const [second, third] = [newKey('H29#2'), newKey('H29#3')]
    const firsts = registryOf([root, entry(province, [root]), entry(second, [root])])
    for (const kid of ['H29#1', 'H29#2']) assert.equal(answerOf(firsts, kid), 'KEY_NOT_VOUCHED')
    const heirs = [second, third].map((key) => entry(key, [root, province], { replaces: 'H29#1' }))
    const both = registryOf([root, entry(province, [root]), ...heirs])
    for (const kid of ['H29#2', 'H29#3']) assert.equal(answerOf(both, kid), 'KEY_NOT_VOUCHED')
    assert.equal(answerOf(both, 'H29#1'), 'found')
  })

  it('ends in a circle of keys and in a circle of nodes', () => {
    const [second, third] = [newKey('G22#2'), newKey('G22#3')]
    const circle = [entry(second, [third], { replaces: 'G22#3' }), entry(third, [second], { replaces: 'G22#2' })]
    for (const kid of ['G22#2', 'G22#3']) assert.equal(answerOf(registryOf([root, ...circle]), kid), 'KEY_NOT_VOUCHED')
    const nodes = [
      { id: 'H26', parent: 'H29', keys: [entry(newKey('H26#1'), [province])] },
      { id: 'H29', parent: 'H26', keys: [entry(province, [])] },
    ]
    const registry = openRegistry({ nodes, roots: [root] }, verifySignature)
    assert.equal(answerOf(registry, 'H26#1'), 'KEY_NOT_VOUCHED')
  })
})

describe('a certificate', () => {
  it('is pinned for one organisation, under any of its codes', () => {
    const fingerprint = 'ab'.repeat(32)
    const pinned = { fingerprint, validFrom: now, validTo: now + dayMs }
    const organisations = [
      { id: 'H29', name: 'a', code102: '000.00.00.H29', parent: null, node: 'H29', certificates: [pinned] },
      { id: 'H26', name: 'b', parent: null, node: 'H29' },
      { id: 'H25', name: 'c', oldCode: 'H26', parent: null, node: 'H29', certificates: [pinned] },
    ]
    const registry = openRegistry({ nodes: [], organisations }, verifySignature)
    const written = `${fingerprint.toUpperCase().match(/../g)?.join(':')}`
    const stateOf = (organ: string, at = now, print = written) =>
      findCertificate(registry, { organ, fingerprint: print }, at).state
    for (const organ of ['H29', 'h29', '000.00.00.H29']) assert.equal(stateOf(organ), 'valid')
    for (const organ of ['H26', 'H27', '']) assert.equal(stateOf(organ), 'unknown')
    assert.equal(stateOf('H29', now, '00'.repeat(32)), 'unknown')
    assert.equal(stateOf('H29', now - 2 * dayMs), 'not-yet')
    assert.equal(stateOf('H29', now + 3 * dayMs), 'expired')
  })
})

describe('a statement', () => {
  const text = fc.oneof(fc.constantFrom('-', '', 'H29#1', 'H29.18#2', 'a b#1', 'a\nkid b#1', 'ê#1'), fc.string())
  const instant = fc.option(fc.oneof(fc.nat(), fc.double(), fc.constantFrom(-1, Number.NaN, 2 ** 53)), {
    nil: undefined,
  })
  const stated: fc.Arbitrary<StatedKey> = fc.record({
    kid: fc.oneof(text, fc.constantFrom('H29#1', 'H29#2')),
    publicKey: fc.oneof(fc.constantFrom('A'.repeat(43), 'B'.repeat(43)), text),
    validFrom: instant,
    until: instant,
    replaces: fc.option(text, { nil: undefined }),
  }) as fc.Arbitrary<StatedKey>

  it('is the same for the same key only', () => {
    fc.assert(
      fc.property(stated, stated, (one, other) => {
        const [left, right] = [keyStatement(one), keyStatement(other)]
        if (left === null || right === null) return
        const fields = ['kid', 'publicKey', 'validFrom', 'until', 'replaces'] as const
        const same = fields.every((field) => one[field] === other[field])
        assert.equal(Buffer.compare(left, right) === 0, same)
      }),
      { numRuns: 2000 },
    )
  })

  it('names nothing that could be read in two ways', () => {
    const good = { kid: 'H29#1', publicKey: 'A'.repeat(43) }
    assert.ok(keyStatement(good))
    for (const wrong of [
      { kid: 'H29' },
      { kid: 'H 29#1' },
      { kid: 'H29\nkid H26#1' },
      { kid: 'ê#1' },
      { publicKey: 'A'.repeat(42) },
      { publicKey: `${'A'.repeat(42)}\n` },
      { validFrom: 0.5 },
      { until: -1 },
      { replaces: '-' },
      { replaces: '' },
    ]) {
      assert.equal(keyStatement({ ...good, ...wrong }), null, JSON.stringify(wrong))
    }
  })

  it('is written down: others sign the same bytes', () => {
    const publicKey = 'A'.repeat(43)
    const key = { kid: 'H29.18#2', publicKey, validFrom: 1767225600000, replaces: 'H29.18#1' }
    assert.equal(
      Buffer.from(keyStatement(key) ?? []).toString(),
      `lienthong key voucher 1\nnode H29.18\nkid H29.18#2\npublicKey ${publicKey}\nvalidFrom 1767225600000\nuntil -\nreplaces H29.18#1\n`,
    )
    assert.equal(
      Buffer.from(revocationStatement({ ...key, revokedAt: 1 }) ?? []).toString(),
      `lienthong key revocation 1\nkid H29.18#2\npublicKey ${publicKey}\nrevokedAt 1\n`,
    )
  })

  it('takes a kid apart at its last #', () => {
    assert.deepEqual([nodeOfKid('a#b#12'), numberOfKid('a#b#12')], ['a#b', 12])
    for (const wrong of ['H29', '#1', 'H29#', 'H29#0', 'H29#01', 'H29#x']) assert.equal(numberOfKid(wrong), null)
  })
})
