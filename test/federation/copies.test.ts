/** One copy per link and envelope, whatever the number of recipients (G3), counted where the links meet the brokers. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { lanes, type NodeId, type OrganId } from '@lienthong/core'
import { names } from '@lienthong/link'
import type { TreeNode } from '../kit/federation.ts'
import { allArrived } from '../kit/federation-arrival.ts'
import type { LedgerEntry } from '../kit/federation-ledger.ts'
import { type LiveFederation, startFederation } from '../kit/federation-nodes.ts'
import { openTap, type TappedCopy } from '../kit/federation-outsider.ts'
import { canStartBroker, lastFirst } from '../kit/index.ts'

const skip = canStartBroker() ? false : 'needs a RabbitMQ that it can start'

/** Two organisations behind each of the far ends, so that one copy must serve several. */
const tree: readonly TreeNode[] = [
  { id: 'G22', tier: 'central', parent: null, name: 'Văn phòng trung ương' },
  { id: 'H29', tier: 'province', parent: 'G22', name: 'Tỉnh thứ nhất' },
  { id: 'H26', tier: 'province', parent: 'G22', name: 'Tỉnh thứ hai' },
  { id: 'H29.18', tier: 'district', parent: 'H29', name: 'Huyện thứ nhất' },
  { id: 'H29.02', tier: 'department', parent: 'H29', name: 'Sở', organisations: [{ id: 'H29.02.1', name: 'Phòng' }] },
  { id: 'H29.18.05', tier: 'commune', parent: 'H29.18', name: 'Xã thứ nhất' },
  { id: 'H26.10', tier: 'commune', parent: 'H26', name: 'Xã', organisations: [{ id: 'H26.10.1', name: 'Trường' }] },
]
const parentOf = new Map(tree.map(({ id, parent }) => [id, parent]))
const servingNode = new Map(
  tree.flatMap(({ id, organisations = [] }) =>
    [id, ...organisations.map((organ) => organ.id)].map((organ) => [organ, id]),
  ),
)
const organs = [...servingNode.keys()]

describe('copies of a document', { skip, timeout: 120_000 }, () => {
  let fed: LiveFederation
  let tapped: readonly TappedCopy[]
  const teardown = lastFirst({ after })
  before(async () => {
    fed = await startFederation(teardown, { tree })
    tapped = await openTap(fed.plan.nodes, teardown)
  })

  it('are one per link on the tree that joins sender and recipients, and name those behind it', async () => {
    const sent: LedgerEntry[] = []
    for (const [turn, from] of organs.entries()) {
      const others = organs.filter((organ) => organ !== from)
      sent.push(await fed.ledger.send({ from, to: others }))
      sent.push(await fed.ledger.send({ from, to: [others[turn % others.length] as OrganId], priority: 1 }))
      sent.push(await fed.ledger.send({ from, to: others.filter((_organ, place) => (place + turn) % 3 === 0) }))
    }
    await allArrived(fed)
    await fed.quiet()

    for (const entry of sent) assert.deepEqual(copiesOf(tapped, entry), wantedCopies(entry), `copies of ${entry.uid}`)
  })

  it('carry each segment of a large document once per link, in order', async () => {
    const entry = await fed.ledger.send({ from: 'H29.18.05', to: organs.slice(1), attachmentBytes: 1_500_000 })
    await allArrived(fed)
    await fed.quiet()

    const segments = new Map<string, number[]>()
    for (const { link, copy } of onLinks(tapped, entry)) {
      segments.set(link, [...(segments.get(link) ?? []), copy.segment.envelope.segment])
    }
    const count = Math.ceil((onLinks(tapped, entry)[0]?.copy.segment.envelope.core.size ?? 0) / (256 * 1024))
    const all = Array.from({ length: count }, (_, number) => number)
    assert.ok(count > 5, `only ${count} segments`)
    assert.deepEqual(
      [...segments.keys()].sort(),
      wantedCopies(entry)
        .map(({ link }) => link)
        .sort(),
    )
    for (const [link, numbers] of segments) assert.deepEqual(numbers, all, `segments on ${link}`)
  })

  it('wait in the spool of transit only: what a node sends itself goes straight to its parent', () => {
    const spooled = tapped.filter(
      ({ exchange, routingKey }) => exchange === names.out && routingKey.startsWith('lt.up.'),
    )
    const documents = spooled.filter(({ segment }) => segment.envelope.core.kind === 'document')
    const keys = documents.map(
      ({ at, segment: { envelope } }) => `${at} ${envelope.core.uid} ${envelope.segment} ${envelope.to.join(',')}`,
    )
    assert.ok(documents.length > 0)
    assert.equal(new Set(keys).size, keys.length, 'a copy was spooled twice')
    const own = documents.filter(({ at, segment }) => servingNode.get(segment.envelope.core.from) === at)
    assert.deepEqual(
      own.map(({ at }) => at),
      [],
    )
  })

  it('arrive once, unaltered, and nothing else arrives', async () => {
    await allArrived(fed)
    assert.deepEqual(fed.failures, [])
  })
})

interface WantedCopy {
  /** `from>to`, neighbours in the tree. */
  readonly link: string
  readonly recipients: readonly OrganId[]
  readonly path: readonly NodeId[]
}

/** Told from the tree alone: a link carries a copy when a recipient is behind it. */
function wantedCopies({ from, to }: LedgerEntry): readonly WantedCopy[] {
  const copies = new Map<string, { recipients: OrganId[]; path: NodeId[] }>()
  for (const recipient of to) {
    const way = wayBetween(servingNode.get(from) as NodeId, servingNode.get(recipient) as NodeId)
    for (let step = 1; step < way.length; step += 1) {
      const link = `${way[step - 1]}>${way[step]}`
      const copy = copies.get(link) ?? { recipients: [], path: way.slice(0, step) }
      copy.recipients.push(recipient)
      copies.set(link, copy)
    }
  }
  return [...copies].map(([link, copy]) => ({ link, ...copy })).sort(byLink)
}

function copiesOf(tapped: readonly TappedCopy[], entry: LedgerEntry): readonly WantedCopy[] {
  const copies = onLinks(tapped, entry).map(({ link, copy: { segment } }) => {
    const { core, to, path } = segment.envelope
    return {
      link,
      recipients: to.map((place) => core.recipients[place] ?? ''),
      path: path.map(({ node }) => node),
    }
  })
  return copies.sort(byLink)
}

/** What crossed a link: up through the child's exchange at its parent, down through the queue of the child. */
function onLinks(tapped: readonly TappedCopy[], { uid }: LedgerEntry): { link: string; copy: TappedCopy }[] {
  return tapped
    .filter(({ segment }) => segment.envelope.core.uid === uid)
    .flatMap((copy) => {
      const { at, exchange, routingKey } = copy
      if (exchange !== names.out) return [{ link: `${exchange.slice(names.from('').length)}>${at}`, copy }]
      const child = tree.find(({ id }) => lanes.some((lane) => routingKey === names.link(id, lane)))
      return child === undefined ? [] : [{ link: `${at}>${child.id}`, copy }]
    })
}

function wayBetween(from: NodeId, to: NodeId): readonly NodeId[] {
  const up = ancestors(from)
  const down = ancestors(to)
  const meeting = up.find((node) => down.includes(node)) as NodeId
  return [...up.slice(0, up.indexOf(meeting) + 1), ...down.slice(0, down.indexOf(meeting)).reverse()]
}

function ancestors(node: NodeId): readonly NodeId[] {
  const parent = parentOf.get(node) ?? null
  return [node, ...(parent === null ? [] : ancestors(parent))]
}

function byLink(a: { readonly link: string }, b: { readonly link: string }): number {
  return a.link.localeCompare(b.link, 'en')
}
