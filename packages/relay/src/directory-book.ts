/** What a node knows of its living directory, and what is made of it; in memory, as the store has it. */
import {
  type Acceptance,
  type AcceptedSet,
  acceptAnnouncements,
  type DeclaredVersion,
  knownKeysOf,
  type MergeRemark,
  mergeAnnouncements,
  type NodeId,
  nothingAccepted,
  nothingDeclared,
  type SignedAnnouncement,
} from '@lienthong/core'
import { type DirectoryEntry, decodeAnnouncement, directoryDigest, directoryEntryOf } from '@lienthong/link'
import type { DirectoryState, Store, StoredAnnouncement } from '@lienthong/store'
import type { NodeConfig } from './contract.ts'
import type { DirectoryHoldings } from './directory-exchange.ts'
import { createJudge, type DirectoryJudge } from './directory-judge.ts'
import type { DirectoryView, LivingDirectory } from './living.ts'

export interface DirectoryBook {
  /** Another one when the node has come under another top. */
  judge: DirectoryJudge
  set: AcceptedSet
  /** This node's newest announcement, whether or not it counts elsewhere; null before the first. */
  mine: SignedAnnouncement | null
  declared: DeclaredVersion
  state: DirectoryState
  /** Accounts of neighbours as they stood at start. */
  readonly neighbours: Loaded['neighbours']
  /** Invitations as they stood at start. */
  readonly invitations: Loaded['invitations']
  /** When the announcement of each node was taken, ms. */
  readonly takenAt: Map<NodeId, number>
  holdings(): DirectoryHoldings
}

type Loaded = Awaited<ReturnType<Store['directory']['load']>>

/** The book as it stood when the node stopped. */
export function openBook(
  config: NodeConfig,
  living: LivingDirectory,
  { loaded, at }: { readonly loaded: Loaded; readonly at: number },
): DirectoryBook {
  const { id, key } = config
  const signed = loaded.announcements.map((stored) => ({
    stored,
    signed: decodeAnnouncement(stored.bytes, stored.seal),
  }))
  const mine = signed.find(({ stored }) => stored.node === id)?.signed ?? null
  const [root = { kid: key.kid, publicKey: key.publicKey }] = mine?.announcement.keys ?? []
  const judge = createJudge(config, pinnedBy(living, loaded.state), { kid: root.kid, publicKey: root.publicKey })
  for (const { stored, signed: own } of signed) judge.trust(own, stored.publicKey)
  const before = { ...nothingAccepted, known: knownKeysOf(loaded.keys) }
  // What was taken once is not asked again whether its key has expired since: as if held.
  const held = new Map(signed.map(({ signed: own }) => [own.announcement.node, own]))
  const incoming = mine === null ? [] : [mine]
  const { set } = acceptAnnouncements(judge, { ...before, held }, { incoming, at })
  let made: { readonly set: AcceptedSet; readonly holdings: DirectoryHoldings } | null = null
  const book: DirectoryBook = {
    judge,
    set,
    mine,
    declared: loaded.declared ?? firstDeclared(at),
    state: loaded.state,
    neighbours: loaded.neighbours,
    invitations: loaded.invitations,
    takenAt: new Map(loaded.announcements.map(({ node, at: taken }) => [node, taken])),
    holdings() {
      if (made?.set !== book.set) made = { set: book.set, holdings: holdingsOf(book.set) }
      return made.holdings
    },
  }
  return book
}

/** Whom the node pins: as its configuration says, else those it was given when it joined; nobody once it has left. */
export function pinnedBy(living: LivingDirectory, { roots = [] }: DirectoryState): LivingDirectory {
  return living.roots.length > 0 && roots !== null ? living : { ...living, roots: roots ?? [] }
}

/** Before anybody has declared anything. */
function firstDeclared(at: number): DeclaredVersion {
  return { epoch: 1, version: 1, at, by: '', reason: '', base: null, content: nothingDeclared }
}

/** What would count with these. */
export function judge(
  { judge: by, set }: DirectoryBook,
  incoming: readonly SignedAnnouncement[],
  at: number,
): Acceptance {
  return acceptAnnouncements(by, set, { incoming, at })
}

/** The directory this set makes, in this version, and where the node departs from it. */
export function viewOf(
  { judge: { self }, declared }: Pick<DirectoryBook, 'judge' | 'declared'>,
  set: AcceptedSet,
  version: number,
): { readonly view: DirectoryView; readonly remarks: readonly MergeRemark[] } {
  const { directory, remarks } = mergeAnnouncements(set, { self, version })
  return { view: { directory, exceptions: declared.content.exceptions }, remarks }
}

export function storedOf(by: DirectoryJudge, signed: SignedAnnouncement, at: number): StoredAnnouncement {
  const { node, epoch, version } = signed.announcement
  const publicKey = by.checkedWith(signed) ?? ''
  return { node, epoch, version, bytes: signed.bytes, seal: signed.seal, publicKey, at }
}

function holdingsOf({ held, places }: AcceptedSet): DirectoryHoldings {
  const nodes = [...held.keys()].sort()
  const entries: DirectoryEntry[] = []
  const byNode = new Map<NodeId, DirectoryEntry>()
  for (const node of nodes) {
    const signed = held.get(node)
    if (signed === undefined) continue
    const entry = directoryEntryOf(signed)
    entries.push(entry)
    byNode.set(node, entry)
  }
  let digest: string | null = null
  return {
    entries,
    get digest() {
      digest ??= directoryDigest(entries)
      return digest
    },
    entryOf: (node) => byNode.get(node),
    announcementsOf: (wanted) =>
      wanted
        .flatMap((node) => held.get(node) ?? [])
        .sort(
          (one, other) =>
            (places.get(one.announcement.node)?.depth ?? 0) - (places.get(other.announcement.node)?.depth ?? 0),
        ),
  }
}
