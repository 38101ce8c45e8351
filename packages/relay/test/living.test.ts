import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { type Directory, type Exception, type Hop, type Lane, RelayError, type SealedSignal } from '@lienthong/core'
import type { BrokerAdmin, OutMessage, ParentLink, Receiver, Sender } from '@lienthong/link'
import { followDirectory } from '../src/current-directory.ts'
import { createCustodyLoop } from '../src/custody-loop.ts'
import { createDispatchers } from '../src/dispatcher.ts'
import { createHolds } from '../src/holds.ts'
import { createNeighbours } from '../src/neighbours.ts'
import { openLiving, registerChildren } from '../src/open-living.ts'
import { createRerouting } from '../src/rerouting.ts'
import { watchReturnedWays } from '../src/returned-ways.ts'
import { submitDocument } from '../src/submit.ts'
import { type ANode, aNode, packet } from './a-node.ts'

const node = (id: string, parent: string | null) => ({ id, tier: '', parent, keys: [] })
const organ = (id: string, at: string) => ({ id, name: id, parent: null, node: at })
const before: Directory = {
  version: 1,
  nodes: [node('H29', null), node('H29.18', 'H29'), node('H29.02', 'H29')],
  organisations: [organ('H29', 'H29'), organ('H29.18', 'H29.18'), organ('H29.02', 'H29.02')],
}
/** H29.02 has gone to H29.18, and H29 has a parent. */
const after: Directory = {
  version: 1,
  nodes: [node('G22', null), node('H29', 'G22'), node('H29.18', 'H29'), node('H29.30', 'H29')],
  organisations: [organ('G22', 'G22'), organ('H29', 'H29'), organ('H29.18', 'H29.18'), organ('H29.02', 'H29.18')],
}

describe('the directory of a running node', () => {
  const follow = (version = 4) =>
    followDirectory(
      { id: 'H29', tableVersion: version },
      { directory: before, exceptions: [] },
      () => 0,
      () => undefined,
    )

  it('is another one after commit, and not before', () => {
    const current = follow()
    const { table, commit } = current.prepare({ directory: after, exceptions: [] })
    assert.deepEqual([current.directory, current.table().parent, current.table().version], [before, null, 4])
    const { registry } = current

    commit()

    assert.equal(current.table(), table)
    assert.deepEqual([current.directory, current.table().parent], [after, 'G22'])
    assert.notEqual(current.registry, registry)
  })

  it('has a table whose version only grows, also when the directory says less', () => {
    const current = follow()
    const versions = [2, 9, 3].map((version) => {
      current.prepare({ directory: { ...after, version }, exceptions: [] }).commit()
      return current.table().version
    })
    assert.deepEqual(versions, [5, 9, 10])
  })

  it('stays when another cannot be', () => {
    const current = follow()
    const broken = { ...after, nodes: after.nodes.slice(1) }
    assert.throws(() => current.prepare({ directory: broken, exceptions: [] }), { code: 'DIRECTORY_INVALID' })
    assert.equal(current.directory, before)
  })
})

describe('documents under way when the directory changes', () => {
  it('wait on the ways of now, also those that were sent to a node that is gone', async (t) => {
    const run = await start(t)
    await run.line('down:H29.02', 'H29.02')
    await run.line('down:H29.18', 'H29.18', 'b')
    await run.sent('H29.02', 'c')
    await run.change(after)

    await until(async () => (await run.store.outbox.page('down:H29.18', 'bulk', everything)).length === 2)
    assert.deepEqual(await run.store.outbox.page('down:H29.02', 'bulk', everything), [])
    await until(async () => (await run.store.outbox.askedNodes()).includes('H29.18'))
    assert.deepEqual(run.signals, [])
  })

  it('are said to be undeliverable while the directory knows nobody who serves their recipient', async (t) => {
    const run = await start(t)
    await run.line('down:H29.02', 'H29.02')
    await run.sent('H29.02', 'c')
    await run.change({ ...after, organisations: after.organisations.filter(({ id }) => id !== 'H29.02') })

    await until(async () => run.signals.length === 2)
    for (const { sealedBy, signal } of run.signals) {
      assert.deepEqual(
        [sealedBy, signal.type, 'code' in signal && signal.code],
        ['H29', 'undeliverable', 'RECEIVER_UNKNOWN'],
      )
    }
    assert.equal((await run.store.outbox.page('down:H29.02', 'bulk', everything)).length, 1)
  })

  it('are looked through again when the store failed', async (t) => {
    const run = await start(t)
    await run.line('down:H29.02', 'H29.02')
    run.failOnce()
    await run.change(after)

    await until(async () => (await run.store.outbox.page('down:H29.18', 'bulk', everything)).length === 1)
  })

  it('are not sent while an administrator holds their recipient back', async (t) => {
    const run = await start(t)
    await run.line('down:H29.02', 'H29.02')
    await run.line('down:H29.18', 'H29.18', 'b')
    const hold = { organ: 'H29.02', reason: 'dời trụ sở', hold: true } as const
    await run.change(before, [hold])
    run.dispatch()
    await until(() => run.left.length === 1)
    assert.deepEqual(run.left, ['down:H29.18 b'])

    await run.change(before)
    await until(() => run.left.length === 2)
    assert.deepEqual(run.left[1], 'down:H29.02 a')
  })

  it('find nobody at the ways that have ended', async (t) => {
    const run = await start(t)
    run.dispatch()
    await run.change(after)
    await run.line('down:H29.30', 'H29.30', 'new')
    await run.line('down:H29.02', 'H29.18', 'old')
    run.rescan()

    await until(() => run.left.includes('down:H29.30 new'))
    assert.deepEqual(run.left, ['down:H29.30 new'])
  })
})

describe('a recipient that another node serves now', () => {
  it('is asked of the one before, and of the new one when that does not answer', async (t) => {
    const a = await aNode(t, before)
    const asked: string[] = []
    const custody = createCustodyLoop(a.context, {
      post: {
        send: (to, _lane, signal) => asked.push(`${to} ${'number' in signal ? signal.number : ''}`),
        close: () => undefined,
      },
      dispatchers: {
        kick: () => undefined,
        rescan: () => undefined,
        follow: () => undefined,
        stop: async () => undefined,
      },
      holds: createHolds(),
    })
    t.after(() => custody.stop())
    await a.accept({ hop: 'up', to: { organ: 'H29.02', node: 'H29.02' }, name: 'a' })
    const [item] = await a.store.outbox.page('up', 'bulk', everything)
    await a.store.outbox.dispatched([{ seq: item?.seq ?? 0 }], a.clock.now)
    a.directory
      .prepare({ directory: { ...after, nodes: [...after.nodes, node('H29.02', 'H29')] }, exceptions: [] })
      .commit()

    for (const count of [1, 2, 3]) {
      a.clock.now += 600_000
      custody.wake()
      await until(() => asked.length >= count)
    }

    assert.deepEqual(asked, ['H29.02 1', 'H29.02 2', 'H29.18 1'])
  })
})

describe('a document for an organisation that is held back', () => {
  it('is refused with the reason, and taken when the hold has ended', async (t) => {
    const a = await aNode(t)
    const hold = { organ: 'H29.1', reason: 'dời trụ sở', until: '2025-07-01', hold: true } as const
    a.directory.prepare({ directory: a.directory.directory, exceptions: [hold] }).commit()
    const body = await packet()
    await assert.rejects(submitDocument(a.context, { as: 'H29', body }), (error: unknown) => {
      assert.ok(error instanceof RelayError)
      assert.deepEqual(
        [error.code, error.detail],
        ['RECEIVER_HELD', { organ: 'H29.1', reason: 'dời trụ sở', until: '2025-07-01' }],
      )
      return true
    })
    a.clock.now = Date.UTC(2025, 6, 2)
    assert.equal((await submitDocument(a.context, { as: 'H29', body })).reply.recipients[0]?.outcome, 'new')
  })
})

describe('queues of children', () => {
  it('are declared before the table knows them, and stay for those without an account', async (t) => {
    const run = await start(t)
    const declared: string[][] = []
    run.onDeclare(() => {
      declared.push(
        run.children.topology.map(({ id, password }) => `${id} ${password} ${run.table().children.includes(id)}`),
      )
    })
    await run.living.changeChildren([{ id: 'H29.18', password: 'p' }])
    await run.change(after)

    assert.deepEqual(declared, [
      ['H29.18 p true', 'H29.02 null true'],
      // Before the change, and after it, when one has gone.
      ['H29.18 p true', 'H29.02 null true', 'H29.30 null false'],
      ['H29.18 p true', 'H29.30 null true'],
    ])
  })

  it('of children that are none any more are taken from until they come back', async () => {
    const opened: string[] = []
    const kept = new Set(['H29.18'])
    const ways = watchReturnedWays({
      admin: {
        queues: async () => [
          'lt.link.H29.02.express',
          'lt.link.H29.02.bulk',
          'lt.link.H29.18.express',
          'lt.up.express',
        ],
      } satisfies Pick<BrokerAdmin, 'queues'>,
      isKept: (id) => kept.has(id),
      open(gone) {
        opened.push(gone)
        return [{ close: async () => void opened.push(`left ${gone}`) } as unknown as Receiver]
      },
    })
    await ways.look()
    await ways.look()
    assert.deepEqual(opened, ['H29.02'])
    await ways.release(['H29.02', 'H29.18'])
    assert.deepEqual(opened, ['H29.02', 'left H29.02'])
    await ways.look()
    await ways.close()
    await ways.look()
    assert.deepEqual(opened, ['H29.02', 'left H29.02', 'H29.02', 'left H29.02'])
  })
})

describe('neighbours', () => {
  it('are told by the link to the parent or the queue of a child, and nobody else is', async (t) => {
    const { context, logged } = await aNode(t)
    const sent: string[] = []
    const link = { sendDirectory: async () => (sent.push('up'), 'confirmed') } as unknown as ParentLink
    const sender = {
      send: async ({ exchange, routingKey, type }: OutMessage) => {
        sent.push(`${exchange} ${routingKey} ${type}`)
        return 'confirmed'
      },
    } as unknown as Sender
    const neighbours = createNeighbours(context, {
      sender,
      children: () => ['H29.18'],
      parent: () => ({ id: 'G22', link }),
    })
    const body = new Uint8Array(1)
    const outcomes = []
    for (const id of ['G22', 'H29.18', 'H26']) outcomes.push(await neighbours.sendToNeighbour(id, body))
    assert.deepEqual(outcomes, ['confirmed', 'confirmed', 'unknown'])
    assert.deepEqual(sent, ['up', 'lt.out lt.link.H29.18.express lt.directory'])

    const heard: string[] = []
    neighbours.onDirectoryMessage(() => {
      throw new Error('broken listener')
    })
    const stop = neighbours.onDirectoryMessage((from) => heard.push(from))
    neighbours.heard('G22', body)
    stop()
    neighbours.heard('H29.18', body)
    assert.deepEqual([heard, logged.length], [['G22'], 2])
  })
})

const everything = { after: Number.MIN_SAFE_INTEGER, limit: 100 }

/** H29 with what a change of the directory moves, over a real store and without a broker. */
async function start(t: TestContext) {
  const a: ANode = await aNode(t, before)
  const { store, directory } = a
  const left: string[] = []
  const signals: SealedSignal[] = []
  let waiting = store.outbox.waiting
  const outbox = { ...store.outbox, waiting: (options: { after: number; limit: number }) => waiting(options) }
  const context = Object.create(a.context, { store: { value: { ...store, outbox } } }) as typeof a.context
  let sending = false
  const dispatchers = createDispatchers(context, {
    holds: createHolds(),
    deliverLocally: async () => undefined,
    destinations: {
      usable: () => sending,
      ready: async () => undefined,
      forward: async () => 'sent',
      dispatch: async (hop: Hop, _lane: Lane, segment) => {
        left.push(`${hop} ${segment.envelope.core.documentId}`)
        return 'sent'
      },
      follow: () => undefined,
      close: () => undefined,
    },
  })
  const custody = {
    apply: async (more: readonly SealedSignal[]) => void signals.push(...more),
    hurry: () => undefined,
    wake: () => undefined,
    stop: async () => undefined,
  }
  const rerouting = createRerouting(context, { custody, dispatchers })
  const children = registerChildren(directory.table, [])
  let declare: () => void = () => undefined
  const { parts: living } = openLiving(context, {
    directory,
    children,
    dispatchers,
    rerouting,
    handover: { wake: () => undefined },
    bundles: { look: () => undefined },
    destinations: { follow: () => undefined } as never,
    neighbours: {} as never,
    returned: { look: async () => undefined, release: async () => undefined, close: async () => undefined },
    uplink: {} as never,
    watch: {
      suspect: () => undefined,
      redeclare: async () => {
        declare()
        return null
      },
      stop: async () => undefined,
    },
  })
  t.after(async () => {
    await rerouting.stop()
    await dispatchers.stop(1_000)
  })

  async function line(hop: Hop, to: string, name = 'a'): Promise<void> {
    await a.accept({ hop, to: { organ: to, node: to }, name })
  }
  return {
    store,
    left,
    signals,
    living,
    children,
    table: directory.table,
    line,
    change: (next: Directory, exceptions: readonly Exception[] = []) =>
      living.changeDirectory({ directory: next, exceptions }),
    async sent(to: string, name: string) {
      await line('up', to, name)
      const [item] = (await store.outbox.page('up', 'bulk', everything)).slice(-1)
      await store.outbox.dispatched([{ seq: item?.seq ?? 0 }], 0)
    },
    dispatch() {
      sending = true
      dispatchers.rescan()
    },
    rescan: dispatchers.rescan,
    failOnce() {
      waiting = async () => {
        waiting = store.outbox.waiting
        throw new RelayError('STORE_FAILED')
      }
    },
    onDeclare(listener: () => void) {
      declare = listener
    },
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000
  while (!(await condition())) {
    assert.ok(performance.now() < end, 'waited 30 s in vain')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
