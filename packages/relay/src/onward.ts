/** A segment as it leaves this node, and the event that says it did. */
import { type Hop, type NodeId, segmentCount } from '@lienthong/core'
import type { Segment } from '@lienthong/link'
import type { NodeContext } from './context.ts'

/** A hop that leaves this node. */
export type Onward = Exclude<Hop, 'mailbox'>

/** The segment as it leaves this node: its recipients behind that hop, and this visit in the path. */
export function onward(context: NodeContext, segment: Segment, to: readonly number[]): Segment {
  const visit = { node: context.config.id, version: context.table.version, at: context.now() }
  return { ...segment, envelope: { ...segment.envelope, to, path: [...segment.envelope.path, visit] } }
}

/** The node behind a hop. */
export function neighbourOf(context: NodeContext, hop: Onward): NodeId | null {
  return hop === 'up' ? context.table.parent : hop.slice('down:'.length)
}

export function observeSent(context: NodeContext, segment: Segment, hop: Onward): void {
  const { core, to } = segment.envelope
  context.sightings.note(segment, to, { step: 'sent', neighbour: neighbourOf(context, hop) })
  context.observe({
    type: 'sent',
    node: context.config.id,
    at: context.now(),
    uid: core.uid,
    hop,
    segment: segment.envelope.segment,
    segments: segmentCount(core.size, core.segmentBytes),
    recipients: to.length,
    lane: core.lane,
    kind: core.kind,
  })
}
