/** Sends one routed segment on, and tells its origin when it could not go. */
import type { DeferReason, ErrorCode, OrganId } from '@lienthong/core'
import type { Segment } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import type { CopyOutcome, Destinations } from './destinations.ts'
import { neighbourOf, type Onward, observeSent, onward } from './onward.ts'
import type { SignalPost } from './signal-post.ts'

/** (core, way) pairs whose deferral was told, at most; the oldest is forgotten, and would be told again. */
const rememberedDeferrals = 10_000

export interface Forwarder {
  /** `again` when the frame it came in must be taken from its queue once more. */
  forward(hop: Onward, segment: Segment, to: readonly number[]): Promise<'done' | 'again'>
  /** Drops a segment for now and tells the origin, once per (uid, way). */
  defer(segment: Segment, to: readonly number[], reason: { code: DeferReason; way: string }): void
  /** Ends these recipients here; provisional until a serving node says otherwise. */
  undeliverable(segment: Segment, to: readonly number[], code: ErrorCode): void
}

export function createForwarder(context: NodeContext, destinations: Destinations, post: SignalPost): Forwarder {
  /** Core and way → the recipients named. */
  const told = new Map<string, Set<string>>()

  function organsOf(segment: Segment, to: readonly number[]): readonly OrganId[] {
    return to.map((index) => segment.envelope.core.recipients[index] ?? '').filter((organ) => organ !== '')
  }

  function tell(
    segment: Segment,
    to: readonly number[],
    body: { type: 'undeliverable'; code: ErrorCode } | { type: 'deferred'; code: DeferReason },
  ): void {
    const { core, origin } = segment.envelope
    // No signal ever causes a signal [DESIGN §3.6].
    if (core.kind === 'signal') return
    post.send(origin, 'express', { ...body, uid: core.uid, generation: core.generation, organs: organsOf(segment, to) })
  }

  function defer(segment: Segment, to: readonly number[], reason: { code: DeferReason; way: string }): void {
    const { core } = segment.envelope
    context.observe({
      type: 'dropped',
      node: context.config.id,
      at: context.now(),
      uid: core.uid,
      code: reason.code,
      hop: reason.way,
    })
    const key = keyOf(segment, reason.way)
    const named = told.get(key) ?? new Set()
    if (named.has(to.join(','))) return
    if (told.size >= rememberedDeferrals) told.delete(told.keys().next().value ?? key)
    told.set(key, named.add(to.join(',')))
    tell(segment, to, { type: 'deferred', code: reason.code })
  }

  return {
    async forward(hop, segment, to) {
      const copy = onward(context, segment, to)
      const outcome: CopyOutcome = await destinations.forward(hop, segment.envelope.core.lane, copy)
      if (outcome === 'again') return 'again'
      if (outcome === 'full') {
        const neighbour = neighbourOf(context, hop)
        context.sightings.note(segment, to, { step: 'dropped', neighbour, code: 'LINK_FULL' })
        defer(segment, to, { code: 'LINK_FULL', way: hop })
        return 'done'
      }
      // A way that takes copies again has no deferrals to remember.
      told.delete(keyOf(segment, hop))
      observeSent(context, copy, hop)
      return 'done'
    },
    defer,
    undeliverable: (segment, to, code) => tell(segment, to, { type: 'undeliverable', code }),
  }
}

function keyOf({ envelope: { core } }: Segment, way: string): string {
  return `${core.uid} ${core.generation} ${way}`
}
