/**
 * Announcements that wait to be judged, each neighbour's by themselves: bounded, and taken in turns, so that one that
 * sends without end fills only its own share and the others are not behind it.
 *
 * At the bound what comes is dropped. Nothing is lost by it: whoever has something else is found by the next comparison.
 */
import type { NodeId, SignedAnnouncement } from '@lienthong/core'

export interface BacklogBounds {
  /** Announcements of one neighbour that wait. 0 takes none. */
  readonly count: number
  /** Bytes of them. */
  readonly bytes: number
  /** Announcements of one neighbour judged in one turn; 1 at least. */
  readonly turnCount: number
  /** Bytes of them; one that is longer makes a turn by itself. */
  readonly turnBytes: number
}

const mebibyte = 1024 * 1024
/** A country of 11,400 nodes is two turns; in four it took half as much processor time again. */
export const backlogBounds: BacklogBounds = {
  count: 20_000,
  bytes: 32 * mebibyte,
  turnCount: 6_000,
  turnBytes: 16 * mebibyte,
}

export interface Backlog {
  isEmpty(): boolean
  /** How many of these were dropped. */
  add(neighbour: NodeId, announcements: readonly SignedAnnouncement[]): number
  /** The oldest of each neighbour, as many as are judged at once. */
  next(): readonly SignedAnnouncement[]
}

interface Share {
  queue: SignedAnnouncement[]
  bytes: number
}

export function createBacklog(bounds: BacklogBounds = backlogBounds): Backlog {
  const shares = new Map<NodeId, Share>()

  function turnOf(share: Share): readonly SignedAnnouncement[] {
    let [count, bytes] = [0, 0]
    for (const signed of share.queue.slice(0, bounds.turnCount)) {
      if (count > 0 && bytes + sizeOf(signed) > bounds.turnBytes) break
      count += 1
      bytes += sizeOf(signed)
    }
    share.bytes -= bytes
    return share.queue.splice(0, count)
  }

  return {
    isEmpty: () => shares.size === 0,
    add(neighbour, announcements) {
      const share = shares.get(neighbour) ?? { queue: [], bytes: 0 }
      let dropped = 0
      for (const signed of announcements) {
        const size = sizeOf(signed)
        if (share.queue.length >= bounds.count || share.bytes + size > bounds.bytes) dropped += 1
        else {
          share.queue.push(signed)
          share.bytes += size
        }
      }
      if (share.queue.length > 0) shares.set(neighbour, share)
      return dropped
    },
    next() {
      const turns = [...shares.values()].flatMap(turnOf)
      for (const [neighbour, { queue }] of shares) if (queue.length === 0) shares.delete(neighbour)
      return turns
    },
  }
}

export function sizeOf({ bytes, seal }: SignedAnnouncement): number {
  return bytes.length + seal.length
}
