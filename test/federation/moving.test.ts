/**
 * Organisations that move with all that is under way to them and from them (G10): a commune is served by a node of
 * another province, two merge into a third. Nobody stops, nothing is lost or doubled, and what was not known is told.
 */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Directory, dayStart, type NodeId, type OrganId, type Organisation } from '@lienthong/core'
import { writeStatus } from '@lienthong/edxml'
import { doorOf, type LedgerEntry, openLedger } from '../kit/federation-ledger.ts'
import { type LiveFederation, smallTree, startFederation } from '../kit/federation-nodes.ts'
import { canStartBroker, lastFirst, waitFor } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'
const deadlineMs = 60_000

/** Served by the commune of one province, then by that of the other. */
const mover = 'H29.18.1'
const merging = ['H29.18.2', 'H29.02.2'] as const
const heir = 'H26.10.3'
const [oldNode, newNode] = ['H29.18', 'H26.10'] as const

const tree = smallTree.map((node) => {
  const served: Readonly<Record<string, readonly OrganId[]>> = {
    'H29.18': [mover, merging[0]],
    'H29.02': [merging[1]],
    'H26.10': [heir],
  }
  const organisations = served[node.id]?.map((id) => ({ id, name: `Cơ quan ${id}` }))
  return organisations === undefined ? node : { ...node, organisations }
})

describe('an organisation that moves', { skip, timeout: 300_000 }, () => {
  let fed: LiveFederation
  let directory: Directory
  /** Children that the other province has by now, and those that have left the first. */
  const came: { readonly id: NodeId; readonly password: string }[] = []
  const gone: NodeId[] = []
  /** Who serves what is no longer served where it was planned. */
  const served = new Map<OrganId, NodeId>()
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, { tree, queryTiming: { firstMs: 2_000, maxMs: 8_000 } })
    directory = fed.plan.directory
  })

  const nodeOf = (organ: OrganId) => fed.node(served.get(organ) ?? fed.plan.serving(organ).id)
  const newLedger = () => openLedger((organ) => doorOf(nodeOf(organ)))
  const waiting = async (organ: OrganId) =>
    (await nodeOf(organ).mailbox.list(organ, { limit: 500 })).map(({ uid }) => uid)

  async function everywhere(
    change: (organisation: Organisation) => Organisation,
    { nodes, between }: { readonly nodes: readonly NodeId[]; readonly between: () => Promise<void> },
  ): Promise<void> {
    const organisations = directory.organisations.map(change)
    directory = { ...directory, version: directory.version + 1, organisations }
    for (const id of nodes) {
      await fed.node(id).living.changeDirectory({ directory, exceptions: [] })
      await between()
    }
  }

  async function known(entries: readonly LedgerEntry[], state: readonly string[]): Promise<void> {
    let missing: readonly string[] = []
    await waitFor(
      async () => {
        const states = await Promise.all(
          entries.map(async ({ uid, from }) => {
            const running = fed.plan.nodes.filter(({ id }) => id !== stopped)
            const tracked = await Promise.all(running.map(({ id }) => fed.node(id).track({ uid })))
            const document = tracked.flat().find((each) => each.from === from)
            return document?.recipients.map((each) => `${from} ${each.organ} ${each.state} ${each.code ?? ''}`) ?? [uid]
          }),
        )
        missing = states.flat().filter((each) => !state.includes(each.split(' ')[2] ?? ''))
        return missing.length === 0
      },
      { what: `${state.join(' or ')} to be known`, deadlineMs },
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; missing: ${missing.slice(0, 8).join(', ')}`, { cause: error })
    })
  }

  async function handedOver(id: NodeId, organs: readonly OrganId[]): Promise<void> {
    const { handovers } = fed.store(id)
    await waitFor(
      async () =>
        (await handovers.count(organs.map((organ) => ({ organ })))) === 0 && (await handovers.settle()).open === 0,
      {
        what: `${id} to have handed over ${organs.join(' ')}`,
        deadlineMs,
      },
    )
  }

  let stopped: NodeId | null = null
  const ledger = newLedger()

  it('takes its mailbox along, with what is under way to it and from it, and what its senders do not know yet', async () => {
    const collected = newLedger()
    await ledger.send({ from: 'G22', to: [mover] })
    await ledger.send({ from: 'H26', to: [mover], attachmentBytes: 600_000 })
    await collected.send({ from: 'H29.02', to: [mover] })
    await waitFor(async () => (await waiting(mover)).length === 3, { what: 'three documents', deadlineMs })
    await known(collected.entries, ['delivered'])
    // Nobody hears that it was collected.
    await fed.stop('H29.02')
    stopped = 'H29.02'
    const { mailbox } = fed.node(oldNode)
    const item = (await mailbox.list(mover)).find(({ uid }) => uid === collected.entries[0]?.uid)
    await mailbox.acknowledge(mover, item?.id ?? 0)

    const sendAll = async () => {
      await ledger.send({ from: 'H29', to: [mover, 'H26.10'] })
      await ledger.send({ from: 'H26.10', to: [mover], priority: 1 })
      await ledger.send({ from: mover, to: ['G22', 'H29'] })
      await sleep(50)
    }
    await sendAll()
    const large = [
      ledger.send({ from: 'G22', to: [mover], attachmentBytes: 20_000_000 }),
      ledger.send({ from: mover, to: ['H26'], attachmentBytes: 20_000_000 }),
    ]
    await Promise.all(large)
    const until = '2099-12-31'
    await everywhere(
      (each) => (each.id === mover ? { ...each, node: newNode, formerNodes: [{ node: oldNode, until }] } : each),
      {
        nodes: ['H26', oldNode, 'G22', newNode, 'H29'],
        between: async () => {
          served.set(mover, newNode)
          // Until its own table says so, the new node takes nothing from the organisation.
          if (fed.node(newNode).table.listed(mover)?.node !== newNode) served.delete(mover)
          if (nodeOf(mover).table.listed(mover)?.node === nodeOf(mover).id) await sendAll()
        },
      },
    )
    await fed.start('H29.02', (config) => ({ ...config, directory }))
    stopped = null
    await sendAll()
    await known(ledger.entries, ['delivered', 'collected'])
    await known(collected.entries, ['collected'])
    await handedOver(oldNode, [mover])

    const expected = ledger.entries.filter(({ to }) => to.includes(mover)).map(({ uid }) => uid)
    assert.deepEqual((await waiting(mover)).toSorted(), expected.toSorted())
    const { lost, duplicated, altered, unexpected } = await ledger.reconcile()
    assert.deepEqual(
      { lost, duplicated, altered, unexpected },
      { lost: [], duplicated: [], altered: [], unexpected: [] },
    )
    await assert.rejects(fed.node(oldNode).mailbox.list(mover), { code: 'SENDER_NOT_ALLOWED' })
    assert.deepEqual(await fed.node(newNode).mailbox.list(mover, { kind: 'status' }), [])
    await fed.quiet()
    assert.deepEqual(fed.failures, [])
  })

  it('hears where it is now what is answered to what it sent before, and where that is on record', async () => {
    const sent = ledger.entries.find(({ from }) => from === mover) ?? assert.fail()
    const answer = await statusAbout(sent, { at: oldNode, from: 'G22', to: mover })
    await fed.node('G22').submit({ as: 'G22', body: answer })
    const { mailbox, diagnosis } = fed.node(newNode)
    const statuses = () => mailbox.list(mover, { kind: 'status' })
    const [status] = await waitFor(async () => ((await statuses()).length > 0 ? statuses() : null), {
      what: 'the status at the new node',
      deadlineMs,
    })
    const [record] = await fed.node(oldNode).track({ uid: sent.uid })
    const { documentId, recipients = [] } = record ?? {}
    assert.ok(recipients.every(({ state }) => state === 'delivered'))

    assert.deepEqual(await fed.node(newNode).track({ uid: sent.uid }), [])
    for (const key of [{ uid: sent.uid }, { documentId: documentId ?? '' }]) {
      await assert.rejects(diagnosis.where({ key }), {
        code: 'NOT_FOUND',
        detail: { what: Object.values(key)[0], nodes: oldNode },
      })
    }
    await assert.rejects(fed.node(newNode).sent.get(mover, sent.uid), {
      code: 'NOT_FOUND',
      detail: { what: sent.uid, nodes: oldNode },
    })
    await assert.rejects(fed.node('H26').diagnosis.where({ key: { number: 'không có' } }), {
      detail: { what: 'không có' },
    })
    await mailbox.acknowledge(mover, status?.id ?? 0)
  })

  it('is one with others that have merged: one document is there once, and each of them has its receipt', async () => {
    const before = ledger.entries.length
    const sent = () => ledger.entries.slice(before)
    const sendAll = async () => {
      await ledger.send({ from: 'G22', to: merging })
      await ledger.send({ from: 'H26', to: [merging[0]], attachmentBytes: 600_000 })
      await sleep(50)
    }
    await sendAll()
    const fromClosed = await ledger.send({ from: merging[0], to: ['G22'] })
    await waitFor(async () => (await waiting(merging[0])).length >= 2 && (await waiting(merging[1])).length >= 1, {
      what: 'documents in the mailboxes of those that close',
      deadlineMs,
    })
    const first = sent()[0] ?? assert.fail()
    const validTo = '2025-06-30'
    assert.ok((dayStart(validTo) ?? 0) < Date.now())
    const isMerging = (id: OrganId) => merging.some((each) => each === id)
    await everywhere((each) => (isMerging(each.id) ? { ...each, validTo, successors: [heir] } : each), {
      nodes: ['H29', 'H26.10', 'G22', 'H29.18', 'H26', 'H29.02'],
      between: sendAll,
    })
    await known(sent(), ['delivered', 'collected'])
    await handedOver('H29.18', merging)
    await handedOver('H29.02', merging)
    const uids = sent()
      .filter((each) => each !== fromClosed)
      .map(({ uid }) => uid)
    assert.deepEqual((await waiting(heir)).toSorted(), uids.toSorted())

    // To whom it went though it was addressed to those two.
    const [tracked] = await fed.node('G22').track({ uid: first.uid })
    assert.deepEqual(
      tracked?.recipients.map(({ closed }) => closed),
      merging.map((code) => [{ code, validTo, successors: [heir] }]),
    )

    // The sender hears of both when it is collected once.
    const { mailbox } = fed.node(newNode)
    const item = (await mailbox.list(heir, { limit: 500 })).find(({ uid }) => uid === first.uid)
    await mailbox.acknowledge(heir, item?.id ?? 0)
    await known([first], ['collected'])

    // Late statuses: from whoever took over about what was addressed to one that closed, and to one that closed.
    const answer = await statusAbout(first, { at: 'G22', from: heir, to: 'G22' })
    await fed.node(newNode).submit({ as: heir, body: answer })
    await waitFor(
      async () =>
        (await fed.node('G22').track({ uid: first.uid }))[0]?.recipients.some((each) => each.statusCode === 3),
      { what: 'the status beside the document', deadlineMs },
    )
    const late = await statusAbout(fromClosed, { at: oldNode, from: 'G22', to: merging[0] })
    await fed.node('G22').submit({ as: 'G22', body: late })
    await waitFor(async () => (await mailbox.list(heir, { kind: 'status' })).length === 1, {
      what: 'the status to a code that has closed',
      deadlineMs,
    })
    await fed.quiet()
    assert.deepEqual(fed.failures, [])
  })

  it('may come to a node twice when that has a newer table by then, and is a dead letter where it would go in circles', async () => {
    // What is for a child lies in its queue when it goes to the other province.
    const first = await queued('H29.18')
    await joins('H26', 'H29.18')
    await adopts('G22')
    await adopts('H29')
    await leaves('H29.18')
    await comesTo('H26', 'H29.18')
    assert.deepEqual(await cameBy(first, 'H29.18'), ['H29', 'H29', 'G22', 'H26'])
    assert.deepEqual(deadAt(first), [])

    // One that is sent round by a child that knows no such way: with the same table it would come for ever.
    const redirect = { organ: newNode, redirect: 'H29.02', reason: 'nhầm' }
    await fed.node('H29').living.changeDirectory({ directory, exceptions: [redirect] })
    const { uid: second } = await ledger.send({ from: 'H29', to: [newNode] })
    await waitFor(() => deadAt(second).length > 0, { what: 'the dead letter', deadlineMs })
    assert.deepEqual(deadAt(second), ['H29.02 LOOP'])
    await fed.node('H29').living.changeDirectory({ directory, exceptions: [] })
    assert.deepEqual(await cameBy(second, newNode), ['H29', 'G22', 'H26'])
    await fed.quiet()
    assert.deepEqual(fed.failures, [])
  })

  /** A document of the first province in the queue of its child, which is stopped. */
  async function queued(child: NodeId): Promise<string> {
    await fed.stop(child)
    const { uid } = await ledger.send({ from: 'H29', to: [child] })
    await waitFor(async () => ((await fed.queued()).get(`H29 lt.link.${child}.bulk`) ?? 0) > 0, {
      what: `a document in the queue of ${child}`,
      deadlineMs,
    })
    return uid
  }

  /** From now on the directory says so, and the new parent has heard of it. */
  async function joins(parent: NodeId, child: NodeId): Promise<void> {
    const nodes = directory.nodes.map((node) => (node.id === child ? { ...node, parent } : node))
    directory = { ...directory, version: directory.version + 1, nodes }
    await adopts(parent)
    came.push(...fed.plan.node('H29').config.children.filter(({ id }) => id === child))
    await fed.node(parent).living.changeChildren([...fed.plan.node(parent).config.children, ...came])
  }

  async function adopts(node: NodeId): Promise<void> {
    await fed.node(node).living.changeDirectory({ directory, exceptions: [] })
  }

  /** What lay in its queue is taken back. */
  async function leaves(child: NodeId): Promise<void> {
    gone.push(child)
    const left = fed.plan.node('H29').config.children.filter(({ id }) => !gone.includes(id))
    await fed.node('H29').living.changeChildren(left)
  }

  async function comesTo(parent: NodeId, child: NodeId): Promise<void> {
    const { url, vhost } = fed.plan.node(parent).config.broker.address
    const account = fed.plan.node(child).config.parent?.address ?? assert.fail(child)
    const address = { ...account, url, vhost }
    await fed.start(child, (config) => ({ ...config, directory, parent: { id: parent, address } }))
  }

  /** Nodes on the way of a document that is in the mailbox there, once. */
  async function cameBy(uid: string, organ: OrganId): Promise<readonly NodeId[]> {
    const here = async () =>
      (await fed.node(organ).mailbox.list(organ, { limit: 500 })).filter((item) => item.uid === uid)
    await waitFor(async () => (await here()).length > 0, { what: `${uid} at ${organ}`, deadlineMs })
    const [item, ...others] = await here()
    assert.deepEqual(others, [])
    return (item?.path ?? []).map(({ node }) => node).filter((node) => node !== organ)
  }

  function deadAt(uid: string): readonly string[] {
    return fed.events.flatMap((event) =>
      event.type === 'dead' && event.uid === uid ? `${event.node} ${event.code}` : [],
    )
  }

  async function statusAbout(
    { uid }: Pick<LedgerEntry, 'uid'>,
    { at, from, to }: { readonly at: NodeId; readonly from: OrganId; readonly to: OrganId },
  ): Promise<Uint8Array> {
    const [document] = await fed.node(at).track({ uid })
    const { documentId, headline } = document ?? assert.fail(uid)
    const [code, promulgationDate] = [headline.number ?? '', headline.date ?? '']
    return writeStatus({
      from: { organId: from, organName: from },
      responseFor: [{ organId: to, code, documentId, promulgationDate }],
      statusCode: 3,
      sentAt: Date.now(),
    })
  }
})
