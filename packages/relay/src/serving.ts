/**
 * Delivery at the serving node: a checked core and its payload become mailbox rows, and the origin
 * gets its receipts. One transaction; here, and only here, duplicates end.
 */
import { changeWanted, handoverTo, isSplit, type OrganId, segmentCount } from '@lienthong/core'
import type { PacketHeader } from '@lienthong/edxml'
import type { Segment } from '@lienthong/link'
import type { DeliverRequest, Moved } from '@lienthong/store'
import type { Assembler } from './assembler.ts'
import { takeBundle } from './bundles.ts'
import { checkCore, checkPayload } from './checks.ts'
import type { NodeContext } from './context.ts'
import { businessStatusOf, headerIn, headlineOf } from './header.ts'
import { arrived, keepersOf, predecessorsOf, unitsOf } from './keepers.ts'
import type { SignalPost } from './signal-post.ts'
import { refuseForeign, takeOver } from './take-over.ts'

export interface Serving {
  /** Resolves when the segment is durable and all it completed is delivered. Throws RelayError when the core is not believed. */
  take(segment: Segment, to: readonly number[], link: string): Promise<void>
  /** Delivers a document whose payload this node has, to organisations named in a core it has checked. */
  deliver(document: CheckedDocument, payload: DeliverRequest['payload'], header: PacketHeader | null): Promise<void>
}

/** A core whose seal was checked, with those of its recipients that are served here. */
export interface CheckedDocument {
  readonly segment: Segment
  readonly organs: readonly OrganId[]
}

export function createServing(
  context: NodeContext,
  parts: {
    readonly post: SignalPost
    readonly assembler: () => Assembler
    /** Something stands here now for an organisation that another node keeps. */
    readonly onMoved: () => void
  },
): Serving {
  const { post, assembler, onMoved } = parts

  async function deliver(
    document: CheckedDocument,
    payload: DeliverRequest['payload'],
    header: PacketHeader | null,
  ): Promise<void> {
    const { core, origin, path } = document.segment.envelope
    const headline = headlineOf(header)
    if (core.kind === 'handover') return takeOver(context, { document, payload, headline }, parts)
    if (core.kind === 'bundle') return takeBundle(context, document, payload, post)
    const { table } = context
    const units = unitsOf(table, header)
    const keepers = keepersOf(table, { organs: document.organs, from: core.from, units })
    const deliveredAt = context.now()
    const outcome = await context.store.mailbox.deliver({
      uid: core.uid,
      generation: core.generation,
      kind: core.kind,
      businessType: core.businessType,
      from: core.from,
      origin,
      documentId: core.documentId,
      organs: document.organs,
      units,
      keepers,
      predecessors: predecessorsOf(table, [...document.organs, ...Object.values(keepers), core.from]),
      path: arrived(context, path),
      headline,
      payload,
      businessStatus: businessStatusOf(header),
      about: changeWanted(core) === null ? [] : (core.about ?? []),
      deliveredAt,
      sealedAt: core.sealedAt,
    })
    const { receipts, fresh, arrivals, moved, stopped, refused, ended } = outcome
    const { uid, generation, kind, from } = core
    const organs = receipts.map((receipt) => receipt.organ)
    context.observe({ type: 'delivered', node: context.config.id, at: context.now(), uid, organs, fresh })
    const { number, subject } = headline
    for (const { mailbox, id } of arrivals) {
      const notice = { uid, id, organ: mailbox, kind, from, number, subject, at: deliveredAt }
      context.news.tell({ type: 'arrived', notice })
    }
    // Its mailbox has moved since the document was routed here, or while it was put together; or it is taken apart.
    if (document.organs.some((organ) => handoverTo(table, organ) !== null || isSplit(table, organ))) onMoved()
    tellMoved(context, moved)
    if (receipts.length > 0) post.send(origin, 'express', { type: 'delivered', uid, generation, receipts })
    for (const [code, ends] of [
      ['DOCUMENT_RECALLED', stopped],
      ['RECALL_NOT_SENDER', refused],
    ] as const) {
      if (ends.length === 0) continue
      context.log('info', 'not delivered', { code, uid, detail: { organs: ends.join(' ') } })
      context.observe({ type: 'dropped', node: context.config.id, at: context.now(), uid, code, hop: '' })
      post.send(origin, 'express', { type: 'undeliverable', uid, generation, organs: ends, code })
    }
    for (const each of ended) await assembler().abandon(each)
  }

  return {
    deliver,
    async take(segment, to, link) {
      const { core } = segment.envelope
      const organs = to.map((index) => core.recipients[index]).filter((organ): organ is OrganId => organ !== undefined)
      if (core.handed !== undefined) refuseForeign(context.table, core, core.handed)
      if (segmentCount(core.size, core.segmentBytes) > 1) return assembler().take({ segment, organs }, link)
      checkCore(context, segment)
      checkPayload(core, segment.data)
      // Nothing is waited for before the store is called: documents of one segment keep their order [DESIGN §5].
      await deliver({ segment, organs }, { bytes: segment.data, sha256: core.sha256 }, headerIn(segment.data))
    },
  }
}

/** Documents of this node whose history grew. */
export function tellMoved(context: NodeContext, moved: readonly Moved[]): void {
  for (const { uid, from, seq } of moved) {
    context.counters.count('changed_total')
    context.news.tell({ type: 'changed', from, uid, last: seq })
  }
}
