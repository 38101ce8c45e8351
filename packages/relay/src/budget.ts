/** How a node's bytes in flight are shared out among what takes and what sends. */
import { type Lane, maxFrameBytes } from '@lienthong/core'

/**
 * Two senders, and receivers of bulk frames from transit, spool and parent, can each hold an eighth;
 * the rest is for express frames, assemblies and submissions.
 */
const shares = 8
/** One frame being handled and one behind it; more than the most brings no speed. */
const bulkPrefetch = { least: 2, most: 64 } as const
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
  const frames = Math.floor(share / maxFrameBytes)
  return {
    senderBytes: Math.max(share, bulkPrefetch.least * maxFrameBytes),
    prefetch: {
      express: expressPrefetch,
      bulk: Math.min(bulkPrefetch.most, Math.max(bulkPrefetch.least, frames)),
    },
  }
}
