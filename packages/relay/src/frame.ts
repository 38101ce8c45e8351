/** A frame on its way through the pipeline. */
import type { Arrival, Lane } from '@lienthong/core'
import type { Delivery, Segment } from '@lienthong/link'

export interface Frame {
  readonly delivery: Delivery
  readonly lane: Lane
  /** Name of the link it came by: a child's id or the parent's. */
  readonly link: string
  readonly arrival: Arrival
  /** Takes this frame, and all unsettled ones, from the queue once more. */
  readonly again: () => void
  segments: readonly Segment[]
  /** What must end before the frame may be acknowledged; `again` when it must come once more. */
  readonly pending: Promise<'done' | 'again'>[]
}
