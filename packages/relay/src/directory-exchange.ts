/**
 * How announcements come and go between neighbours (PROTOCOL.md §19).
 *
 * Whoever connects says in one number what it has. Who has something else answers with a list, and each wants from
 * the other what it lacks. What is new is sent at once, unasked. Whatever is lost on the way is found by the next number, which
 * a child says to its parent once a minute; a child that is away is sent nothing, so that nothing piles up for it.
 */
import type { NodeId, SignedAnnouncement } from '@lienthong/core'
import {
  type BatchCollector,
  batchesOf,
  collectBatches,
  type DirectoryEntry,
  type DirectoryMessage,
  decodeDirectoryMessage,
  encodeDirectoryMessage,
  maxDirectoryEntries,
  openBatch,
} from '@lienthong/link'
import type { DirectoryStep } from './administration.ts'
import type { NodeContext } from './context.ts'
import { createAllowance } from './directory-allowance.ts'
import { sizeOf } from './directory-backlog.ts'
import type { LivingParts } from './living.ts'

const repairMs = 60_000
/** A child not heard of for so long is away: it speaks every minute. */
const awayMs = 3 * repairMs
/** The same two differing directories are compared again no sooner. */
const compareAgainMs = 10 * repairMs

/** Answers to one neighbour that wait to be sent; one that asks for more meanwhile asks again later. */
const mostSending = 1_000

/** What this node has to give. */
export interface DirectoryHoldings {
  /** Of all that count, by node. */
  readonly entries: readonly DirectoryEntry[]
  readonly digest: string
  entryOf(node: NodeId): DirectoryEntry | undefined
  /** Those of these nodes that there are, parents before their children. */
  announcementsOf(nodes: readonly NodeId[]): readonly SignedAnnouncement[]
}

export interface DirectoryExchange {
  /** To every neighbour but the one each came from. */
  spread(announcements: readonly SignedAnnouncement[], from: (signed: SignedAnnouncement) => NodeId | null): void
  /** To one neighbour, now; false when it did not arrive. */
  tell(neighbour: NodeId, announcements: readonly SignedAnnouncement[]): Promise<boolean>
  /** Resolves when nothing is being sent. */
  idle(): Promise<void>
  /** Neighbours that say once a minute what they have, and since when that has been something else than here. */
  steps(): readonly DirectoryStep[]
  stop(): Promise<void>
}

interface Peer {
  heardAt: number
  readonly collector: BatchCollector
  /** What is sent to it, one after the other. */
  sending: Promise<void>
  /** How many such. */
  waiting: number
  /** Since when its digest has been another; null: the same when it spoke last, or it has not spoken. */
  differsSince: number | null
  /** Whether it has said what it has. */
  hasSpoken: boolean
  /** It was told what this node has and has not said yet what it has itself. */
  asked: boolean
  compared: { readonly mine: string; readonly theirs: string; readonly at: number } | null
}

export function openExchange(
  context: NodeContext,
  parts: {
    readonly living: LivingParts
    readonly holdings: () => DirectoryHoldings
    /** Not wanted again: it was refused. */
    readonly isRefused: (entry: DirectoryEntry) => boolean
    /** False when it was too much, and some was dropped. */
    readonly take: (neighbour: NodeId, announcements: readonly SignedAnnouncement[]) => boolean
  },
): DirectoryExchange {
  const { living, holdings, take } = parts
  const peers = new Map<NodeId, Peer>()
  let stopped = false
  const allowance = createAllowance(context.now, (neighbour) =>
    context.log('warn', 'a neighbour says or asks too much about the directory: not listened to for a minute', {
      code: 'RATE_LIMITED',
      detail: { neighbour },
    }),
  )

  function peerOf(neighbour: NodeId): Peer {
    const there = peers.get(neighbour)
    if (there !== undefined) return there
    // A child is thought to be there until it has had time to speak.
    const peer = {
      heardAt: context.now(),
      collector: collectBatches(),
      differsSince: null,
      hasSpoken: false,
      asked: false,
      sending: Promise.resolve(),
      waiting: 0,
      compared: null,
    }
    peers.set(neighbour, peer)
    return peer
  }

  /** In turn, and ended by the first that does not arrive: what follows would not be understood, and is asked for again. */
  function send(neighbour: NodeId, messages: Iterable<DirectoryMessage>): void {
    const peer = peerOf(neighbour)
    if (peer.waiting >= mostSending) {
      peer.compared = null
      return
    }
    peer.waiting += 1
    peer.sending = peer.sending
      .then(async () => {
        for (const message of messages) {
          if (stopped || (await living.sendToNeighbour(neighbour, encodeDirectoryMessage(message))) !== 'confirmed')
            return
        }
      })
      .catch((error: unknown) =>
        context.log('error', 'a message about the directory was not sent', {
          detail: { neighbour, error: String(error) },
        }),
      )
      .finally(() => {
        peer.waiting -= 1
      })
  }

  function sayWhatIHave(neighbour: NodeId): void {
    peerOf(neighbour).asked = true
    const { digest, entries } = holdings()
    send(neighbour, [{ type: 'have', digest, count: entries.length }])
  }

  const answers: {
    readonly [Type in DirectoryMessage['type']]: (
      neighbour: NodeId,
      message: Extract<DirectoryMessage, { type: Type }>,
    ) => void
  } = {
    have(neighbour, { digest: theirs }) {
      const { digest: mine, entries } = holdings()
      const peer = peerOf(neighbour)
      const now = context.now()
      peer.hasSpoken = true
      peer.differsSince = theirs === mine ? null : (peer.differsSince ?? now)
      const isAnswer = neighbour === living.neighbours.parent && peer.asked
      peer.asked = false
      // A child learns as well whether it has the same.
      if (neighbour !== living.neighbours.parent)
        send(neighbour, [{ type: 'have', digest: mine, count: entries.length }])
      // The parent sends its list by itself when it was told of another digest.
      if (theirs === mine || isAnswer) return
      const last = peer.compared
      if (last?.mine === mine && last.theirs === theirs && now - last.at < compareAgainMs) return
      peer.compared = { mine, theirs, at: now }
      send(neighbour, listsOf(entries))
    },
    list(neighbour, { from, to, entries }) {
      want(neighbour, entries)
      const theirs = new Map(entries.map((entry) => [entry.node, entry]))
      const newer = holdings().entries.filter(({ node, ...mine }) => {
        if ((from !== null && node < from) || (to !== null && node >= to)) return false
        const other = theirs.get(node)
        return other === undefined || compareEntries(mine, other) > 0
      })
      for (let next = 0; next < newer.length; next += maxDirectoryEntries) {
        send(neighbour, [{ type: 'offer', entries: newer.slice(next, next + maxDirectoryEntries) }])
      }
    },
    offer: (neighbour, { entries }) => want(neighbour, entries),
    want(neighbour, { nodes }) {
      const wanted = holdings().announcementsOf(nodes)
      allowance.charge(neighbour, weightOf(wanted))
      give(neighbour, wanted)
    },
    piece(neighbour, piece) {
      const peer = peerOf(neighbour)
      const whole = peer.collector.add(piece)
      if (whole === null) return
      const { announcements, broken } = openBatch(whole)
      allowance.charge(neighbour, weightOf(announcements))
      if (broken.length > 0) refuse(neighbour, broken[0])
      // What was dropped is asked for again at the next comparison.
      if (!take(neighbour, announcements)) peer.compared = null
    },
  }

  function want(neighbour: NodeId, entries: readonly DirectoryEntry[]): void {
    const { entryOf } = holdings()
    const nodes = entries
      .filter((entry) => {
        const mine = entryOf(entry.node)
        return (mine === undefined || compareEntries(mine, entry) < 0) && !parts.isRefused(entry)
      })
      .map(({ node }) => node)
    if (nodes.length > 0) send(neighbour, [{ type: 'want', nodes: [...new Set(nodes)] }])
  }

  function give(neighbour: NodeId, announcements: readonly SignedAnnouncement[]): void {
    send(neighbour, piecesOf(announcements))
  }

  function hear(neighbour: NodeId, body: Uint8Array): void {
    if (stopped) return
    peerOf(neighbour).heardAt = context.now()
    if (!allowance.admit(neighbour, body.length)) return
    try {
      const message = decodeDirectoryMessage(body)
      if (message !== null) answers[message.type](neighbour, message as never)
    } catch (error) {
      refuse(neighbour, error)
    }
  }

  function refuse(neighbour: NodeId, error: unknown): void {
    context.log('warn', 'a message about the directory cannot be read', {
      code: 'FRAME_INVALID',
      detail: { neighbour, error: String(error) },
    })
  }

  function isThere(neighbour: NodeId): boolean {
    return neighbour === living.neighbours.parent || context.now() - peerOf(neighbour).heardAt < awayMs
  }

  async function idle(): Promise<void> {
    await Promise.all([...peers.values()].map(({ sending }) => sending))
  }

  const unlisten = living.onDirectoryMessage(hear)
  const unwatch = living.onLink((neighbour, open) => {
    if (!open || stopped) return
    const peer = peerOf(neighbour)
    peer.heardAt = context.now()
    peer.compared = null
    sayWhatIHave(neighbour)
  })
  const timer = setInterval(() => {
    const { parent } = living.neighbours
    if (parent !== null) sayWhatIHave(parent)
  }, repairMs)
  timer.unref()

  return {
    spread(announcements, from) {
      const { parent, children } = living.neighbours
      for (const neighbour of [...(parent === null ? [] : [parent]), ...children]) {
        const others = announcements.filter((signed) => from(signed) !== neighbour)
        if (others.length > 0 && isThere(neighbour)) give(neighbour, others)
      }
    },
    async tell(neighbour, announcements) {
      for (const message of piecesOf(announcements)) {
        if ((await living.sendToNeighbour(neighbour, encodeDirectoryMessage(message))) !== 'confirmed') return false
      }
      return true
    },
    idle,
    steps() {
      const { parent, children } = living.neighbours
      return [...(parent === null ? [] : [parent]), ...children].flatMap((node) => {
        const peer = peers.get(node)
        const isHeard = peer?.hasSpoken === true && context.now() - peer.heardAt < awayMs
        return isHeard ? [{ node, differsSince: peer.differsSince }] : []
      })
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      unlisten()
      unwatch()
      await idle()
    },
  }
}

function weightOf(announcements: readonly SignedAnnouncement[]): number {
  return announcements.reduce((sum, signed) => sum + sizeOf(signed), 0)
}

function* piecesOf(announcements: readonly SignedAnnouncement[]): Generator<DirectoryMessage> {
  for (const pieces of batchesOf(announcements)) yield* pieces
}

/** One list for each page, together for every node there can be. */
function* listsOf(entries: readonly DirectoryEntry[]): Generator<DirectoryMessage> {
  for (let next = 0; next === 0 || next < entries.length; next += maxDirectoryEntries) {
    const page = entries.slice(next, next + maxDirectoryEntries)
    const after = entries[next + maxDirectoryEntries]
    yield { type: 'list', from: next === 0 ? null : (page[0]?.node ?? null), to: after?.node ?? null, entries: page }
  }
}

function compareEntries(one: Omit<DirectoryEntry, 'node'>, other: Omit<DirectoryEntry, 'node'>): number {
  return (
    one.epoch - other.epoch ||
    one.version - other.version ||
    (one.mark < other.mark ? -1 : one.mark > other.mark ? 1 : 0)
  )
}
