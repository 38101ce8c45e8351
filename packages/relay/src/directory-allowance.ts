/**
 * How much one neighbour may say and ask about the directory in a minute. Past that it is not listened to until the minute
 * is over: what it had to say is found by the next comparison, and nobody else waits for it.
 */
import type { NodeId } from '@lienthong/core'

const windowMs = 60_000
/** A country of 11,400 nodes is some 15 MiB; a change at each of them in one minute is within it by a half. */
export const allowancePerMinute = { messages: 6_000, bytes: 64 * 1024 * 1024 } as const

export interface Allowance {
  /** A message of so many bytes came; false: it is not listened to. */
  admit(neighbour: NodeId, bytes: number): boolean
  /** What a message turned out to weigh, or what was asked for by it. */
  charge(neighbour: NodeId, bytes: number): void
}

interface Spent {
  since: number
  messages: number
  bytes: number
  /** Said already that it is over. */
  told: boolean
}

/** `onOver` hears once each time that a neighbour begins to be passed over. */
export function createAllowance(now: () => number, onOver: (neighbour: NodeId) => void): Allowance {
  const spent = new Map<NodeId, Spent>()

  function of(neighbour: NodeId): Spent {
    const at = now()
    const before = spent.get(neighbour)
    if (before !== undefined && at - before.since < windowMs && at >= before.since) return before
    // One that goes on without a pause is one episode, however many minutes it lasts.
    const told = before !== undefined && before.told && at - before.since < 2 * windowMs
    const fresh = { since: at, messages: 0, bytes: 0, told }
    spent.set(neighbour, fresh)
    return fresh
  }

  return {
    admit(neighbour, bytes) {
      const share = of(neighbour)
      share.messages += 1
      share.bytes += bytes
      const within = share.messages <= allowancePerMinute.messages && share.bytes <= allowancePerMinute.bytes
      if (!within && !share.told) {
        share.told = true
        onOver(neighbour)
      }
      return within
    },
    charge(neighbour, bytes) {
      of(neighbour).bytes += bytes
    },
  }
}
