/**
 * A tree that changes while documents flow (G10): a child joins, the province is bridged to a centre, a child moves to
 * another province, one leaves with documents in its queue. Nobody stops, nothing is lost or doubled, and order holds
 * inside the province.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Directory, NodeId, OrganId } from '@lienthong/core'
import type { NodeConfig } from '@lienthong/relay'
import { publishedOf } from '../kit/federation.ts'
import { allArrived } from '../kit/federation-arrival.ts'
import type { LedgerEntry } from '../kit/federation-ledger.ts'
import { type LiveFederation, smallTree, startFederation } from '../kit/federation-nodes.ts'
import { orderKept } from '../kit/federation-order.ts'
import { childAccount, rawChannel } from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

/** Joins later. */
const newcomer = 'H29.30'
/** Declared and never started: what is for it stays in its queue at H29. */
const leaver = 'H29.40'

const tree = [
  ...smallTree,
  { id: newcomer, tier: 'commune', parent: 'H29', name: 'Xã thứ ba' },
  { id: leaver, tier: 'commune', parent: 'H29', name: 'Xã thứ tư' },
]
const centre: readonly NodeId[] = ['G22', 'H26', 'H26.10']
const inside: readonly (readonly [OrganId, OrganId])[] = [
  ['H29.18', 'H29.02'],
  ['H29.02', 'H29'],
  ['H29', 'H29.18'],
]
const turnMs = 100
const leastTurns = 10
const deadlineMs = 60_000

describe('a tree that changes while documents flow', { skip, timeout: 300_000 }, () => {
  let fed: LiveFederation
  let whole: Directory
  const sentInside: LedgerEntry[] = []
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, {
      tree,
      absent: [newcomer, leaver],
      queryTiming: { firstMs: 5_000, maxMs: 20_000 },
      configOf: (config) => alone(config),
    })
    whole = fed.plan.directory
  })

  /** A node of the centre's axis, or of the province's before it was bridged. */
  function alone(config: NodeConfig): NodeConfig {
    const isCentre = centre.includes(config.id)
    const directory = part(publishedOf(config), (id) => isCentre === centre.includes(id) && id !== newcomer)
    const children = config.children.filter(({ id }) => directory.nodes.some((node) => node.id === id))
    return config.id === 'H29' ? { ...config, directory, parent: null, children } : { ...config, directory, children }
  }

  let joined = false
  const running = (): readonly NodeId[] =>
    fed.plan.nodes.map(({ id }) => id).filter((id) => id !== leaver && (id !== newcomer || joined))
  /** The same directory at all of these, one after the other, with documents under way in between. */
  async function change(nodes: readonly NodeId[], directory: Directory): Promise<void> {
    for (const id of nodes) {
      await fed.node(id).living.changeDirectory({ directory, exceptions: [] })
      await sleep(turnMs)
    }
  }

  /** Documents on every route inside the province, as long as this takes. */
  async function meanwhile(work: () => Promise<void>): Promise<void> {
    let done = false
    const ended = work().finally(() => {
      done = true
    })
    let turn = 0
    while (!done || turn < leastTurns) {
      const priority = turn % 3 === 0 ? 1 : 0
      for (const [from, to] of inside) sentInside.push(await fed.ledger.send({ from, to: [to], priority }))
      turn += 1
      await sleep(turnMs)
    }
    await ended
  }

  it('takes a child in', async () => {
    const config = fed.plan.node(newcomer).config
    const axis = { ...part(whole, (id) => !centre.includes(id)), version: 2 }
    await meanwhile(async () => {
      const { living } = fed.node('H29')
      await living.changeChildren(fed.plan.node('H29').config.children)
      await change(['H29', 'H29.18', 'H29.02'], axis)
      await fed.start(newcomer, () => ({ ...config, directory: axis }))
      joined = true
      for (const [from, to] of [
        ['H29.18', newcomer],
        [newcomer, 'H29.02'],
        ['H29', newcomer],
      ] as const) {
        await fed.ledger.send({ from, to: [to] })
      }
    })
    await allArrived(fed)
  })

  it('is bridged to a centre', async () => {
    const directory = { ...whole, version: 3 }
    await assert.rejects(fed.ledger.send({ from: 'H29.18', to: ['H26.10'] }), { code: 'RECEIVER_UNKNOWN' })
    const { living } = fed.node('H29')
    await meanwhile(async () => {
      await fed.node('G22').living.changeChildren(fed.plan.node('G22').config.children)
      await living.changeParent(fed.plan.node('H29').config.parent)
      await change(running(), directory)
      for (const [from, to] of [
        ['H29.18', 'H26.10'],
        ['H26.10', newcomer],
        ['G22', 'H29.02'],
        ['H29', 'G22'],
      ] as const) {
        await fed.ledger.send({ from, to: [to] })
      }
      await waitFor(async () => (await fed.node('H29').status()).link?.phase === 'open', {
        what: 'the bridge to be open',
        deadlineMs,
      })
    })
    await allArrived(fed)
    assert.equal(living.neighbours.parent, 'G22')
  })

  it('goes on inside while it has no parent, and afterwards with what waited', async () => {
    const { living } = fed.node('H29')
    await living.changeParent(null)
    assert.equal((await fed.node('H29').status()).link, null)
    const waiting: LedgerEntry[] = []
    await meanwhile(async () => {
      for (const from of ['H29', 'H29.18', 'G22'] as const) {
        waiting.push(await fed.ledger.send({ from, to: [from === 'G22' ? 'H29.18' : 'H26.10'] }))
      }
      await waitFor(async () => ((await fed.queued()).get('H29 lt.up.bulk') ?? 0) > 0, {
        what: 'a document in the spool',
        deadlineMs,
      })
    })
    const arrived = new Set(fed.events.flatMap((event) => (event.type === 'delivered' ? [event.uid] : [])))
    assert.deepEqual(
      waiting.filter(({ uid }) => arrived.has(uid)),
      [],
    )

    await living.changeParent(fed.plan.node('H29').config.parent)
    await allArrived(fed)
  })

  it('keeps the order inside the province all the time', async () => {
    const lines = await orderKept(fed, sentInside)
    assert.equal(lines.length, 2 * inside.length)
    assert.deepEqual(fed.failures, [])
  })

  it('gives a child to another parent, with what is under way to it and from it', async () => {
    const nodes = whole.nodes.map((each) => (each.id === newcomer ? { ...each, parent: 'H26' } : each))
    const moved = { ...whole, version: 4, nodes }
    const routes = [
      ['H29.18', newcomer],
      ['G22', newcomer],
      ['H26.10', newcomer],
      [newcomer, 'H29.18'],
      [newcomer, 'H26.10'],
    ] as const
    const sendAll = async () => {
      for (const [from, to] of routes) await fed.ledger.send({ from, to: [to] })
    }
    const password = 'another'
    const { url, vhost } = fed.plan.node('H26').config.broker.address
    await meanwhile(async () => {
      await sendAll()
      const { children } = fed.plan.node('H26').config
      await fed.node('H26').living.changeChildren([...children, { id: newcomer, password }])
      await sendAll()
      const address = { url, vhost, user: newcomer, password }
      await fed.node(newcomer).living.changeParent({ id: 'H26', address })
      await sendAll()
      for (const id of running()) {
        await change([id], moved)
        await sendAll()
      }
      const left = fed.plan.node('H29').config.children.filter(({ id }) => id !== newcomer)
      await fed.node('H29').living.changeChildren(left)
    })
    await allArrived(fed)
    whole = moved
  })

  it('lets a child go: it is shut out at once, and what lay in its queue goes to whoever has its organisation', async () => {
    for (const from of ['H29', 'H29.18', 'H26.10'] as const) {
      await fed.ledger.send({ from, to: [leaver] })
      await fed.ledger.send({ from, to: [leaver], attachmentBytes: 600_000 })
    }
    const queue = `H29 lt.link.${leaver}.bulk`
    await waitFor(async () => ((await fed.queued()).get(queue) ?? 0) >= 6, {
      what: 'documents in the queue of the child',
      deadlineMs,
    })
    const account = childAccount(fed.plan.node(leaver))
    const channel = await rawChannel(account, teardown)
    let shutOut = false
    channel.once('close', () => {
      shutOut = true
    })

    const { living } = fed.node('H29')
    await living.changeChildren(
      fed.plan.node('H29').config.children.filter(({ id }) => ![leaver, newcomer].includes(id)),
    )
    await waitFor(() => shutOut, { what: 'the connection to be closed', deadlineMs })
    await assert.rejects(rawChannel(account, teardown), /ConnectionClose|access/i)
    const organisations = whole.organisations.map((each) => (each.node === leaver ? { ...each, node: 'H29.18' } : each))
    const nodes = whole.nodes.filter(({ id }) => id !== leaver)
    await change(running(), { ...whole, version: 5, nodes, organisations })

    const expected = fed.ledger.entries.filter(({ to }) => to.includes(leaver))
    let here: readonly string[] = []
    await waitFor(
      async () => {
        const items = await fed.node('H29.18').mailbox.list(leaver, { limit: 1_000, all: true })
        here = items.map(({ uid }) => uid).sort()
        return here.length >= expected.length
      },
      { what: 'the documents at the node that serves it now', deadlineMs: 90_000 },
    )
    assert.deepEqual(here, expected.map(({ uid }) => uid).sort())
    await waitFor(async () => (await fed.ledger.notYet(['delivered', 'collected'])).length === 0, {
      what: 'every receipt',
      deadlineMs: 90_000,
    })
    await fed.quiet()
    assert.deepEqual(fed.failures, [])
  })
})

/** What lies in one axis; its top has no parent there. */
function part(directory: Directory, keep: (id: NodeId) => boolean): Directory {
  const nodes = directory.nodes.filter(({ id }) => keep(id))
  const ids = new Set(nodes.map(({ id }) => id))
  const inAxis = (parent: string | null) => (parent !== null && ids.has(parent) ? parent : null)
  return {
    ...directory,
    nodes: nodes.map((node) => ({ ...node, parent: inAxis(node.parent) })),
    organisations: directory.organisations
      .filter(({ node }) => ids.has(node))
      .map((organisation) => ({ ...organisation, parent: inAxis(organisation.parent) })),
  }
}
