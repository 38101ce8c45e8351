/** What a captured child tries: everything its account lets it publish, and no more. */
import type { Core, NodeId, Signal } from '@lienthong/core'
import type { Duty } from './observer.ts'
import type { Random } from './random.ts'
import type { Segment } from './wire.ts'

export interface ForgeryScene {
  readonly random: Random
  readonly now: number
  readonly captured: NodeId
  /** Nodes the captured one may not speak for. */
  readonly foreign: readonly NodeId[]
  /** Duties of others that do not concern it. */
  readonly duties: readonly Duty[]
  readonly directoryVersion: number
}

/** One segment for the captured node's own exchange; null when there is nothing to lie about. */
export function forge(scene: ForgeryScene): Segment | null {
  const { random, captured, foreign, duties } = scene
  if (foreign.length === 0) return null
  const other = random.pick(foreign)
  const duty = duties.length === 0 ? null : random.pick(duties)
  const number = random.int(0, 1_000_000)
  switch (random.int(0, 3)) {
    case 0:
      // Another's document, under the name of another's node: the seal is still its own.
      return document(scene, { from: other, origin: other, to: random.pick(foreign), number })
    case 1:
      return document(scene, { from: other, origin: captured, to: random.pick(foreign), number })
    case 2:
      // A receipt in the name of the serving node.
      if (duty === null) return null
      return signal(scene, { from: other, to: duty.origin, number, signal: receiptFor(duty, scene.now) })
    default:
      // In its own name, which it may: nobody must believe what it says of others' recipients.
      if (duty === null) return null
      return signal(scene, { from: captured, to: duty.origin, number, signal: random.pick(lies(duty, scene.now)) })
  }
}

function receiptFor({ uid, generation, organ }: Duty, now: number): Signal {
  return { type: 'delivered', uid, generation, receipts: [{ organ, deliveredAt: now, collectedAt: null, path: [] }] }
}

function lies(duty: Duty, now: number): Signal[] {
  const { uid, generation, organ } = duty
  const receipts = [{ organ, deliveredAt: now, collectedAt: now, path: [] }]
  return [
    receiptFor(duty, now),
    { type: 'collected', uid, generation, receipts },
    { type: 'answer', uid, generation, number: 0, receipts, missing: 'none' },
    { type: 'undeliverable', uid, generation, organs: [organ], code: 'RECEIVER_UNKNOWN' },
    { type: 'deferred', uid, generation, organs: [organ], code: 'LINK_FULL' },
    { type: 'deferred', uid, generation, organs: [organ], code: 'ROUTE_CHANGED' },
  ]
}

interface Named {
  readonly from: NodeId
  readonly to: NodeId
  readonly number: number
}

function coreOf(scene: ForgeryScene, kind: 'document' | 'signal', { from, to, number }: Named): Core {
  const uid = `forged ${kind} ${number} at ${scene.now}`
  return {
    version: 1,
    uid,
    generation: 1,
    kind,
    businessType: 0,
    from,
    documentId: uid,
    recipients: [to],
    size: 1,
    sha256: uid,
    segmentBytes: 1,
    lane: 'express',
    sealedAt: scene.now,
    directoryVersion: scene.directoryVersion,
  }
}

function document(scene: ForgeryScene, named: Named & { readonly origin: NodeId }): Segment {
  return {
    envelope: { core: coreOf(scene, 'document', named), origin: named.origin, to: [0], segment: 0, path: [] },
    sealedBy: scene.captured,
    signals: null,
    mark: { forged: true, forgedBy: scene.captured, sending: 0 },
  }
}

function signal(scene: ForgeryScene, named: Named & { readonly signal: Signal }): Segment {
  return {
    envelope: { core: coreOf(scene, 'signal', named), origin: named.from, to: [0], segment: 0, path: [] },
    sealedBy: scene.captured,
    signals: [named.signal],
    // In its own name it is no forgery of the wire: it may travel, and is judged by what it brings about.
    mark: { forged: named.from !== scene.captured, forgedBy: scene.captured, sending: 0 },
  }
}
