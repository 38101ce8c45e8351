import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { RelayError } from '@lienthong/core'
import fc from 'fast-check'
import type { Topology } from '../src/contract.ts'
import { literalPattern } from '../src/names.ts'
import { type Definitions, definitionsOf, queueLimitDefaults } from '../src/topology.ts'
import { type BrokerSnapshot, planTopology, shutOut, sizeOf } from '../src/topology-plan.ts'

const topology: Topology = {
  self: 'H29',
  children: [
    { id: 'H29.18', password: 'one' },
    { id: 'H29.02', password: 'two' },
  ],
  systems: [{ id: 'dms-1', password: 'three' }],
  limits: queueLimitDefaults,
}
const wanted = definitionsOf(topology, 'h29', 'node')

/** A broker that has exactly these definitions. */
function brokerWith(definitions: Definitions): BrokerSnapshot {
  const salt = Buffer.from([1, 2, 3, 4])
  const hash = (password: string): string =>
    Buffer.concat([salt, createHash('sha256').update(salt).update(password).digest()]).toString('base64')
  return {
    ...definitions,
    vhost: true,
    users: definitions.users.map(({ name, password }) => ({
      name,
      password_hash: hash(password),
      hashing_algorithm: 'rabbit_password_hashing_sha256',
      tags: [],
    })),
  }
}

const nothing: BrokerSnapshot = {
  vhost: false,
  users: [],
  permissions: [],
  policies: [],
  queues: [],
  exchanges: [],
  bindings: [],
}

describe('topology', () => {
  it('keeps documents in quorum queues only, and only links, spool and transit have a single active consumer', () => {
    const single = (name: string): boolean => /^lt\.(link|up|transit)\./.test(name)

    assert.equal(wanted.queues.length, 2 + 4 + 2 * topology.children.length)
    for (const queue of wanted.queues) {
      const expected = single(queue.name)
        ? { 'x-queue-type': 'quorum', 'x-single-active-consumer': true }
        : { 'x-queue-type': 'quorum' }
      assert.deepEqual(queue.arguments, expected, queue.name)
      const policies = wanted.policies.filter((policy) => new RegExp(policy.pattern).test(queue.name))
      assert.equal(policies.length, 1, queue.name)
      assert.equal(policies[0]?.definition['delivery-limit'], 1_000_000)
    }
  })

  it('dead-letters at-least-once only together with reject-publish', () => {
    for (const { definition } of wanted.policies) {
      if (definition['dead-letter-exchange'] === undefined) continue
      assert.equal(definition['dead-letter-strategy'], 'at-least-once')
      assert.equal(definition['overflow'], 'reject-publish')
    }
  })

  it('gives a system that is told of arrivals a queue of its own, which may lose them, and no right to any other', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/)
    fc.assert(
      fc.property(id, id, (mine, other) => {
        fc.pre(mine !== other && ![mine, other].includes('node'))
        const systems = [
          { id: mine, password: 'p', notices: true },
          { id: other, password: 'p' },
        ]
        const { permissions, queues, bindings, policies } = definitionsOf(
          { ...topology, children: [], systems },
          'v',
          'node',
        )
        const [queue, ...more] = queues.filter(({ name }) => name.startsWith('lt.notify.'))
        assert.deepEqual(
          [queue?.name, queue?.arguments, more],
          [`lt.notify.${mine}`, { 'x-queue-type': 'classic' }, []],
        )
        const bound = bindings.filter(({ destination }) => destination === queue?.name)
        assert.deepEqual(
          bound.map(({ source, routing_key }) => [source, routing_key]),
          [['lt.notify', mine]],
        )
        const bounds = policies.filter(({ pattern }) => new RegExp(pattern).test(queue?.name ?? ''))
        assert.deepEqual(
          bounds.map(({ definition }) => definition),
          [{ 'message-ttl': 86_400_000, 'max-length': 10_000, overflow: 'drop-head' }],
        )
        const [own, neighbour] = [mine, other].map((user) => permissions.find((each) => each.user === user))
        assert.ok(own && neighbour)
        assert.deepEqual(own.configure, '^$')
        assert.ok(new RegExp(own.read).test(`lt.notify.${mine}`))
        assert.ok(!new RegExp(own.read).test(`lt.notify.${other}`))
        assert.ok(!new RegExp(own.write).test('lt.notify'))
        assert.ok(!new RegExp(neighbour.read).test(`lt.notify.${mine}`))
      }),
    )
  })

  it('lets a child write to its own exchange and read its own queues, whatever its id', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/)
    fc.assert(
      fc.property(id, id, (mine, other) => {
        fc.pre(mine !== other && mine !== 'node')
        const { permissions } = definitionsOf(
          { ...topology, children: [{ id: mine, password: 'p' }], systems: [] },
          'v',
          'node',
        )
        const permission = permissions.find(({ user }) => user === mine)
        assert.ok(permission)
        const write = new RegExp(permission.write)
        const read = new RegExp(permission.read)
        assert.ok(write.test(`lt.from.${mine}`))
        assert.ok(!write.test(`lt.from.${other}`))
        assert.ok(!write.test('amq.default'))
        assert.ok(read.test(`lt.link.${mine}.express`))
        assert.ok(!read.test(`lt.link.${other}.express`))
        assert.ok(!new RegExp(permission.configure).test(`lt.link.${mine}.express`))
      }),
    )
  })

  it('escapes every character that has a meaning in a pattern', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const pattern = new RegExp(`^${literalPattern(text)}$`)
        assert.ok(pattern.test(text))
        assert.equal(pattern.test(other), text === other)
      }),
    )
  })

  it('refuses ids that are no ids and ids that name two accounts', () => {
    const refused = (change: Partial<Topology>): void =>
      assert.throws(
        () => definitionsOf({ ...topology, ...change }, 'v', 'node'),
        (error) => error instanceof RelayError && error.code === 'CONFIG_INVALID',
      )

    refused({ children: [{ id: 'H29.*', password: 'p' }] })
    refused({ children: [{ id: '', password: 'p' }] })
    refused({ systems: [{ id: 'H29.18', password: 'p' }] })
    refused({ systems: [{ id: 'node', password: 'p' }] })
  })
})

describe('topology plan', () => {
  it('declares everything on an empty broker and nothing on a complete one', () => {
    assert.deepEqual(planTopology(wanted, nothing), { missing: wanted, differences: [] })
    assert.equal(sizeOf(planTopology(wanted, brokerWith(wanted)).missing), 0)
  })

  it('sets anew what may change and leaves alone what it does not know', () => {
    const complete = brokerWith(wanted)
    const changed = definitionsOf(
      { ...topology, systems: [{ id: 'dms-1', password: 'new' }], limits: { ...topology.limits, spoolBytes: 5 } },
      'h29',
      'node',
    )
    const { missing, differences } = planTopology(changed, {
      ...complete,
      bindings: [...complete.bindings, { source: 'lt.out', destination: 'a.tap', routing_key: '' }],
      permissions: complete.permissions.map((each) => (each.user === 'H29.18' ? { ...each, write: '.*' } : each)),
    })

    assert.deepEqual(differences, [])
    assert.deepEqual(
      missing.users.map((user) => user.name),
      ['dms-1'],
    )
    assert.deepEqual(
      missing.policies.map((policy) => policy.name),
      ['lt-up'],
    )
    assert.deepEqual(
      missing.permissions.map((each) => each.user),
      ['H29.18'],
    )
    assert.equal(sizeOf(missing), 3)
  })

  it('names the object that stands in the way and the command that mends it', () => {
    const complete = brokerWith(wanted)
    const { differences } = planTopology(wanted, {
      ...complete,
      queues: complete.queues.map((queue) =>
        queue.name === 'lt.submit' ? { ...queue, arguments: { 'x-queue-type': 'classic' } } : queue,
      ),
      exchanges: complete.exchanges.map((each) => (each.name === 'lt.out' ? { ...each, type: 'topic' } : each)),
      users: (complete.users ?? []).map((user) =>
        user.name === 'dms-1' ? { ...user, tags: ['administrator'] } : user,
      ),
    })

    assert.deepEqual(
      differences.map(({ object, mend }) => [object, mend]),
      [
        ['user dms-1', 'rabbitmqctl set_user_tags dms-1'],
        ['queue lt.submit', "rabbitmqctl -p 'h29' delete_queue lt.submit --if-empty"],
        ['exchange lt.out', "rabbitmqadmin -V 'h29' delete exchange name=lt.out"],
      ],
    )
  })

  it('shuts out those who are gone, unless their id has come back', () => {
    const before = definitionsOf(
      { ...topology, systems: [{ id: 'dms-1', password: 'three', notices: true }] },
      'h29',
      'node',
    )
    const found = brokerWith(before)
    const gone = ['dms-1', 'H29.18', 'node', 'never-was']
    const left = { ...topology, systems: [], gone }

    assert.deepEqual(shutOut(left, definitionsOf(left, 'h29', 'node'), found), {
      users: ['dms-1'],
      guests: [],
      queues: ['lt.notify.dms-1'],
    })
    assert.deepEqual(shutOut({ ...topology, gone }, wanted, found), {
      users: [],
      guests: [],
      queues: ['lt.notify.dms-1'],
    })
    assert.deepEqual(shutOut(left, definitionsOf(left, 'h29', 'node'), brokerWith(wanted)).queues, [])
    assert.deepEqual(shutOut(topology, wanted, found), { users: [], guests: [], queues: [] })
  })

  it('keeps the queues of a child without an account, and lets nobody in as it', () => {
    const children = topology.children.map((child) => (child.id === 'H29.18' ? { ...child, password: null } : child))
    const left = { ...topology, children }
    const without = definitionsOf(left, 'h29', 'node')

    assert.deepEqual(
      [without.queues, without.exchanges, without.bindings],
      [wanted.queues, wanted.exchanges, wanted.bindings],
    )
    assert.deepEqual(
      [...without.users, ...without.permissions].filter(
        (each) => ('user' in each ? each.user : each.name) === 'H29.18',
      ),
      [],
    )
    assert.deepEqual(shutOut(left, without, brokerWith(wanted)), { users: ['H29.18'], guests: [], queues: [] })
  })

  it('shuts out whoever has the rights of a child and is none, and nobody else', () => {
    const left = { ...topology, children: topology.children.slice(1) }
    const without = definitionsOf(left, 'h29', 'node')
    const found = brokerWith(wanted)
    const stranger = { user: 'monitor', vhost: 'h29', configure: '^$', write: '^$', read: '.*' }
    const permissions = [...found.permissions, stranger]

    assert.deepEqual(shutOut(left, without, { ...found, permissions }), { users: ['H29.18'], guests: [], queues: [] })
  })

  it('sees any one object missing', () => {
    const complete = brokerWith(wanted)
    for (const kind of ['permissions', 'policies', 'queues', 'exchanges', 'bindings'] as const) {
      for (const gone of complete[kind]) {
        const found = {
          ...complete,
          users: null,
          [kind]: (complete[kind] as readonly unknown[]).filter((each) => each !== gone),
        }
        assert.equal(
          sizeOf(planTopology(wanted, found as BrokerSnapshot).missing),
          1,
          `${kind} ${JSON.stringify(gone)}`,
        )
      }
    }
  })
})
