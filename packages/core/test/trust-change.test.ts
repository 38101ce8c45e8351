import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  acceptKey,
  acceptRevocation,
  findKey,
  type KeyChange,
  openRegistry,
  type Registry,
  type RegistryNode,
} from '@lienthong/core'
import fc from 'fast-check'
import {
  changeOf,
  dayMs,
  entry,
  type Federation,
  federationOf,
  fourTiers,
  type Holder,
  mustAccept,
  newKey,
  now,
} from './trust-federation.ts'

/** Made once: registries never change, and keys cost time. */
const federation = federationOf(fourTiers)
const { registry, key } = federation

function codeOf(change: KeyChange, at = now, of: Registry = registry): string {
  const answer = acceptKey(of, change, at)
  return answer.accepted ? 'accepted' : answer.code
}

function found(of: Registry, kid: string, at = now): boolean {
  return findKey(of, kid, at).found
}

/** A key that follows `old`, signed by these. */
function heir(old: string, number: number, signers: readonly Holder[]) {
  const node = old.split('#')[0] ?? ''
  const holder = newKey(`${node}#${number}`)
  return { holder, change: changeOf(registry, entry(holder, signers, { replaces: old })) }
}

describe('a captured unit', () => {
  const ids = fourTiers.map(({ id }) => id)
  /** Any change that can be made with the keys of one unit. */
  const attack = fc.record({
    // Not the pinned one: who holds that holds everything.
    captured: fc.constantFrom(...ids.filter((id) => id !== 'G22')),
    target: fc.constantFrom(...ids, 'H29.18.06', 'X'),
    parent: fc.option(fc.constantFrom(...ids), { nil: null }),
    honestParent: fc.boolean(),
    number: fc.integer({ min: 1, max: 3 }),
    replaces: fc.option(fc.constantFrom(...ids), { nil: undefined }),
    /** In whose name it signs, beside its own. */
    names: fc.subarray(ids),
    aged: fc.boolean(),
  })

  it('gives keys to new units below itself and to nobody else', () => {
    const seen = { accepted: 0, refused: 0 }
    fc.assert(
      fc.property(attack, ({ captured, target, number, names, ...drawn }) => {
        const known = registry.nodes.get(target)
        const parent = drawn.honestParent ? (known?.parent ?? captured) : drawn.parent
        const stolen = key(captured)
        const replaces = drawn.replaces === undefined ? {} : { replaces: `${drawn.replaces}#1` }
        const fields = { ...replaces, ...(drawn.aged ? { validFrom: 0 } : {}) }
        const made = entry(newKey(`${target}#${number}`), [stolen], fields)
        const lies = names.map((name) => stolen.vouch(made, { by: `${name}#1` }))
        const change = { node: target, parent, key: { ...made, vouchers: [...(made.vouchers ?? []), ...lies] } }

        const answer = acceptKey(registry, change, now)

        const allowed = known === undefined && parent === captured && drawn.replaces === undefined
        assert.equal(answer.accepted, allowed, JSON.stringify(answer))
        seen[answer.accepted ? 'accepted' : 'refused'] += 1
      }),
      { numRuns: 600, seed: 11 },
    )
    assert.ok(seen.accepted > 10 && seen.refused > 100, JSON.stringify(seen))
  })

  it('with the help of everything below it, still changes nothing of itself or outside', () => {
    const below = ['H29.18', 'H29.18.05'].map((id) => key(id))
    for (const target of ['G22', 'H29', 'H29.18', 'H26']) {
      assert.notEqual(codeOf(heir(`${target}#1`, 2, below).change), 'accepted', target)
    }
  })
})

describe('a key that follows another', () => {
  it('needs its parent and the old one', () => {
    const [old, parent] = [key('H29.18'), key('H29')]
    assert.equal(codeOf(heir('H29.18#1', 2, [old, parent]).change), 'accepted')
    assert.equal(codeOf(heir('H29.18#1', 2, [old]).change), 'KEY_NOT_VOUCHED')
    assert.equal(codeOf(heir('H29.18#1', 2, [parent]).change), 'KEY_HANDOVER_MISSING')
  })

  it('needs its parent and the grandparent when the old one is lost', () => {
    assert.equal(codeOf(heir('H29.18#1', 2, [key('H29'), key('G22')]).change), 'accepted')
    assert.equal(codeOf(heir('H29.18#1', 2, [key('G22')]).change), 'KEY_NOT_VOUCHED')
    assert.equal(codeOf(heir('H29.18#1', 2, [key('H29'), key('H26')]).change), 'KEY_HANDOVER_MISSING')
    assert.equal(codeOf(heir('H29#1', 2, [key('G22')]).change), 'accepted', 'a pinned parent has nobody above it')
  })

  it('cannot be signed by an old one that is expired or revoked', () => {
    const { holder, change } = heir('H29.18#1', 2, [key('H29.18'), key('H29')])
    const revoked = revoke(federation, registry, 'H29.18#1', key('H29'))
    assert.equal(codeOf(change, now, revoked), 'KEY_HANDOVER_MISSING')
    const brief = newKey('H29.18.09#1')
    const limited = { ...brief, vouchers: [key('H29.18').vouch(brief, { until: now })] }
    const of = mustAccept(registry, changeOf(registry, limited, 'H29.18'))
    const next = entry(newKey('H29.18.09#2'), [brief, key('H29.18')], { replaces: brief.kid })
    assert.equal(codeOf(changeOf(of, next), now, of), 'accepted')
    assert.equal(codeOf(changeOf(of, next), now + 2 * dayMs, of), 'KEY_HANDOVER_MISSING')
    assert.equal(holder.kid, 'H29.18#2')
  })

  it('takes a place nobody has taken, and a name nobody has had', () => {
    const signers = [key('H29.18'), key('H29')]
    const after = mustAccept(registry, heir('H29.18#1', 2, signers).change)
    assert.equal(codeOf(heir('H29.18#1', 3, signers).change, now, after), 'KEY_EXISTS')
    assert.equal(codeOf(heir('H29.18#1', 1, signers).change), 'KEY_EXISTS')
    assert.equal(codeOf(heir('H29.18#7', 2, signers).change), 'KEY_HANDOVER_MISSING')
    assert.equal(codeOf(changeOf(registry, entry(newKey('H29.18#2'), signers))), 'KEY_HANDOVER_MISSING')
  })

  it('is one key of one node, where that node stands', () => {
    const made = entry(newKey('X#1'), [key('H29')])
    assert.equal(codeOf({ node: 'H29.18', parent: 'H29', key: made }), 'DIRECTORY_INVALID')
    for (const parent of [null, 'Y']) assert.equal(codeOf(changeOf(registry, made, parent)), 'DIRECTORY_INVALID')
    assert.equal(codeOf(changeOf(registry, made, 'H29')), 'accepted')
    assert.equal(
      codeOf({ ...heir('H29.18#1', 2, [key('H29.18'), key('H29')]).change, parent: 'H26' }),
      'DIRECTORY_INVALID',
    )
    assert.equal(codeOf(changeOf(registry, { ...made, revokedAt: now }, 'H29')), 'KEY_REVOKED')
    assert.equal(codeOf(changeOf(registry, { ...made, validTo: now - 2 * dayMs }, 'H29')), 'KEY_EXPIRED')
  })

  it('leaves both valid for the overlap, and a day around it for the clocks', () => {
    const [from, until] = [now, now + 30 * dayMs]
    const holder = newKey('H29.18#2')
    const next = entry(holder, [key('H29.18'), key('H29')], { replaces: 'H29.18#1', validFrom: from })
    const after = mustAccept(registry, changeOf(registry, next))
    const node = after.nodes.get('H29.18')
    assert.ok(node)
    const keys = node.keys.map((each) => (each.kid === 'H29.18#1' ? { ...each, validTo: until } : each))
    const nodes = [...after.nodes.values()].map((each) => (each.id === node.id ? { ...each, keys } : each))
    const overlapping = reopened(after, nodes)
    fc.assert(
      fc.property(fc.integer({ min: -60, max: 90 }), fc.integer({ min: -1, max: 1 }), (days, more) => {
        const at = now + days * dayMs + more
        assert.equal(found(overlapping, 'H29.18#1', at), at <= until + dayMs)
        assert.equal(found(overlapping, 'H29.18#2', at), at >= from - dayMs)
      }),
      { numRuns: 300 },
    )
  })
})

describe('a pinned key', () => {
  it('hands over to the next, which vouches as it did', () => {
    let at = registry
    let old = key('G22')
    for (const number of [2, 3]) {
      const next = newKey(`G22#${number}`)
      at = mustAccept(at, changeOf(at, entry(next, [old], { replaces: old.kid })))
      assert.ok(found(at, next.kid) && found(at, old.kid))
      old = next
    }
    const fresh = entry(newKey('H30#1'), [old])
    at = mustAccept(at, changeOf(at, fresh, 'G22'))
    assert.ok(found(at, 'H30#1'))
  })

  it('is followed by nobody else', () => {
    for (const signers of [[], [key('H29')], [newKey('G22#1')]]) {
      assert.equal(codeOf(heir('G22#1', 2, signers).change), 'KEY_HANDOVER_MISSING')
    }
  })
})

describe('more vouchers for a key', () => {
  it('carry it over the revocation of its parent’s key', () => {
    const { holder: next, change } = heir('H29#1', 2, [key('H29'), key('G22')])
    const lost = revoke(federation, mustAccept(registry, change), 'H29#1', key('G22'))
    assert.ok(!found(lost, 'H29.18#1'))
    const again = entry(key('H29.18'), [next])
    assert.ok(found(mustAccept(lost, changeOf(lost, again)), 'H29.18#1'))
  })

  it('do not bring a revoked one back', () => {
    const revoked = revoke(federation, registry, 'H29.18#1', key('H29'))
    assert.equal(codeOf(changeOf(registry, entry(key('H29.18'), [key('G22')])), now, revoked), 'KEY_REVOKED')
  })

  it('are taken once, from those whose word counts, and never about another key', () => {
    const known = registry.nodes.get('H29.18')?.keys[0]
    assert.ok(known)
    assert.equal(mustAccept(registry, changeOf(registry, known)), registry)
    assert.equal(codeOf(changeOf(registry, entry(key('H29.18'), [key('H26')]))), 'KEY_NOT_VOUCHED')
    assert.equal(codeOf(changeOf(registry, entry(newKey('H29.18#1'), [key('H29')]))), 'KEY_EXISTS')
  })
})

describe('a revocation', () => {
  it('is for the node itself and those above it, up to the pinned one', () => {
    for (const [by, allowed] of [
      ['H29.18', true],
      ['H29', true],
      ['G22', true],
      ['H29.18.05', false],
      ['H26', false],
    ] as const) {
      const about = { kid: 'H29.18#1', ...key(by).revoke(key('H29.18'), now) }
      const answer = acceptRevocation(registry, about, now)
      assert.equal(answer.accepted, allowed, by)
      if (!answer.accepted) assert.equal(answer.code, 'KEY_NOT_VOUCHED')
      const lie = { kid: 'H29.18#1', ...key('H26').revoke(key('H29.18'), now), by: `${by}#1` }
      if (by !== 'H26') assert.ok(!acceptRevocation(registry, lie, now).accepted)
      assert.ok(!acceptRevocation(registry, { ...about, revokedAt: now + 1 }, now).accepted)
    }
    const unknown = { kid: 'H29.18#9', ...key('H29').revoke(newKey('H29.18#9'), now) }
    assert.deepEqual(acceptRevocation(registry, unknown, now), {
      accepted: false,
      code: 'KEY_UNKNOWN',
      detail: { kid: 'H29.18#9' },
    })
  })

  it('is for good, whatever is accepted later and whatever the clock says', () => {
    const step = fc.record({
      what: fc.constantFrom('vouch', 'heir', 'revoke', 'same'),
      by: fc.subarray(['G22', 'H29', 'H29.18'], { minLength: 1 }),
      at: fc.integer({ min: -800, max: 800 }),
    })
    const start = revoke(federation, registry, 'H29.18#1', key('H29'))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), fc.integer({ min: -1000, max: 1000 }), (steps, days) => {
        let at = start
        for (const [index, { what, by, at: when }] of steps.entries()) {
          const signers = by.map((id) => key(id))
          const change = {
            vouch: () => changeOf(at, entry(key('H29.18'), signers)),
            same: () => changeOf(at, entry(newKey('H29.18#1'), signers)),
            heir: () => heir('H29.18#1', index + 2, signers).change,
            revoke: () => null,
          }[what]()
          const answer =
            change === null
              ? acceptRevocation(at, { kid: 'H29.18#1', ...key('H29').revoke(key('H29.18'), now + when) }, now)
              : acceptKey(at, change, now + when * dayMs)
          if (answer.accepted) at = answer.registry
        }
        const answer = findKey(at, 'H29.18#1', now + days * dayMs)
        assert.equal(answer.found ? 'found' : answer.code, 'KEY_REVOKED')
      }),
      { numRuns: 60 },
    )
  })
})

function revoke({ key: keyOf }: Federation, of: Registry, kid: string, by: Holder): Registry {
  const about = of.nodes.get(kid.split('#')[0] ?? '')?.keys.find((each) => each.kid === kid) ?? keyOf('')
  const answer = acceptRevocation(of, { kid, ...by.revoke(about, now) }, now)
  assert.ok(answer.accepted)
  return answer.registry
}

function reopened(of: Registry, nodes: readonly RegistryNode[]) {
  return openRegistry({ nodes, ...(of.roots === undefined ? {} : { roots: of.roots }) }, of.verify)
}
