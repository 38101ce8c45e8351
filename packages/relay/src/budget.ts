/** How a node's bytes in flight are shared out among what takes and what sends. */
import type { Lane } from '@lienthong/core'
import { frameTargetBytes } from './packer.ts'

/**
 * Two senders, and receivers of bulk frames from transit, spool and parent, may each hold a quarter:
 * they do not all fill at once, what climbs and what descends take turns. A quorum queue hands out the
 * next frame only after the acknowledgement is in its log, so a window is used up at half the speed of
 * confirms: 16 frames moved 18 MB/s over three hops, 51 moved 30.
 */
const shares = 4
/** One frame being handled and one behind it; more than the most brings no speed. */
const bulkPrefetch = { least: 2, most: 128 } as const
/** Express frames are small: their number is the bound. */
const expressPrefetch = 64

export interface Budget {
  /** Unconfirmed bytes of one sender. */
  readonly senderBytes: number
  /** Unsettled frames of one receiver. */
  readonly prefetch: Readonly<Record<Lane, number>>
}

/** `bytes`: all that may be in flight at this node. */
export function shareOut(bytes: number): Budget {
  const share = bytes / shares
  const frames = Math.floor(share / frameTargetBytes)
  return {
    senderBytes: Math.max(share, bulkPrefetch.least * frameTargetBytes),
    prefetch: {
      express: expressPrefetch,
      bulk: Math.min(bulkPrefetch.most, Math.max(bulkPrefetch.least, frames)),
    },
  }
}
