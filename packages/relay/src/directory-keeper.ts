/**
 * Keeps the living directory of one node: takes what neighbours send, says what this node declares.
 *
 * ```
 *   neighbour ─▶ judged with what is held ─▶ store ─▶ other neighbours
 *   administrator ─▶ sealed as the next version ─▶ judged ┘      └─▶ merged ─▶ routed by (once for many)
 * ```
 *
 * One change after the other, each durable before it is passed on. What a neighbour holds of this node itself and is
 * newer was forgotten here: the node came back from a backup. It is this node's own word, so it is taken up, and the next
 * one begins a new epoch.
 */
import {
  type Acceptance,
  compareAnnouncements,
  compileTable,
  type DeclaredVersion,
  diffDeclared,
  type NodeId,
  nodeOfKid,
  RelayError,
  type RootKey,
  rankOf,
  type SignedAnnouncement,
  versionText,
} from '@lienthong/core'
import { type SealingKey, sealAnnouncement } from '@lienthong/link'
import type { ActRecord, DirectoryChange, NeighbourRecord } from '@lienthong/store'
import type { DirectoryStep } from './administration.ts'
import type { NodeContext } from './context.ts'
import { createBacklog } from './directory-backlog.ts'
import { type DirectoryBook, judge, pinnedBy, storedOf, viewOf } from './directory-book.ts'
import { openExchange } from './directory-exchange.ts'
import { createJudge, type DirectoryJudge, isPinned } from './directory-judge.ts'
import { watchRefusals } from './directory-refusals.ts'
import type { LivingDirectory, LivingParts } from './living.ts'
import type { Act } from './membership.ts'
import { announcementOf, handedOver, type OwnWord, vouchedBy, wordOf } from './own-announcement.ts'

/** Between two directories made of what came, at least; and so many times what making one took, so that a flood is met once. */
const mergePause = { leastMs: 50, times: 5, mostMs: 3_000 }

export interface OwnChange {
  /** Name of the act in the chain of events. */
  readonly type: string
  readonly act: Act
  /** Made with the word as it stands when its turn has come. Throws to refuse. */
  readonly word: (now: OwnWord) => OwnWord
  readonly neighbours?: readonly (NeighbourRecord | { readonly node: NodeId })[]
  readonly invitations?: DirectoryChange['invitations']
  /** Whom the node pins from now on, unless its configuration says whom; null: nobody, whatever its configuration says. */
  readonly roots?: readonly RootKey[] | null
  /** What else the chain of events says of it. */
  readonly detail?: Readonly<Record<string, unknown>>
}

/** What is stored with a change, and what holds once it is. */
interface Consequence {
  readonly stored: DirectoryChange
  readonly settle: () => void
  /** Who has judged it, when that is another than before. */
  readonly judge?: DirectoryJudge
}

const nothingMore: Consequence = { stored: {}, settle: () => undefined }

export interface DirectoryKeeper {
  /** What this node would say now. */
  word(): OwnWord
  /** The key that seals for this node. */
  readonly signer: SealingKey
  /** Announced, durable and routed by when it resolves. */
  say(change: OwnChange): Promise<DeclaredVersion>
  /** What this node says of itself, to this neighbour once more; false when it did not arrive. */
  tell(neighbour: NodeId): Promise<boolean>
  /** Resolves when what has come is judged, routed by and answered. */
  settled(): Promise<void>
  /** Whether children have the same directory. */
  steps(): readonly DirectoryStep[]
  stop(): Promise<void>
}

export async function openKeeper(
  context: NodeContext,
  parts: {
    readonly book: DirectoryBook
    readonly directory: LivingDirectory
    readonly living: LivingParts
    readonly parent: NodeId | null
    /** A child says by this key of its own that it has no parent any more. */
    readonly onLeft: (child: NodeId, kid: string) => void
  },
): Promise<DirectoryKeeper> {
  const { book, living } = parts
  const { config, store } = context
  const self = config.id
  const keys = [config.key, ...(config.earlierKeys ?? [])]
  const pinned = (state = book.state) => isPinned(config, pinnedBy(parts.directory, state))
  const refusals = watchRefusals(context)
  const origins = new WeakMap<SignedAnnouncement, NodeId>()
  const backlog = createBacklog()
  /** Neighbours of whose announcements some were dropped, until theirs are all judged. */
  const over = new Set<NodeId>()
  let last: Promise<unknown> = Promise.resolve()
  let stopped = false
  let merging: NodeJS.Timeout | null = null
  let mergeMs = 0
  let tried = ''

  function inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const done = last.then(change)
    last = done.catch(() => undefined)
    return done
  }

  /* ---- what neighbours send ---- */

  function take(neighbour: NodeId, announcements: readonly SignedAnnouncement[]): boolean {
    for (const signed of announcements) origins.set(signed, neighbour)
    const idle = backlog.isEmpty()
    const dropped = backlog.add(neighbour, announcements)
    if (dropped > 0 && !over.has(neighbour)) {
      over.add(neighbour)
      context.log('warn', 'announcements come faster than they are judged: dropped, and asked for again later', {
        code: 'RATE_LIMITED',
        detail: { neighbour, dropped },
      })
    }
    if (idle && !backlog.isEmpty()) void inTurn(takePending).catch(failed)
    return dropped === 0
  }

  async function takePending(): Promise<void> {
    const incoming = [...backlog.next(), ...refusals.waiting]
    // What administrators change comes in between.
    if (backlog.isEmpty()) over.clear()
    else void inTurn(takePending).catch(failed)
    if (stopped) return
    const at = context.now()
    const answer = judge(book, incoming, at)
    refusals.note(answer.refused, (signed) => origins.get(signed) ?? self)
    refusals.settled(answer.accepted)
    for (const signed of incoming) if (hasLeft(signed)) parts.onLeft(signed.announcement.node, signed.kid)
    if (answer.accepted.length + answer.dropped.length + answer.freshKeys.length === 0) return
    await commit(answer, recovered(answer, at))
    mergeSoon()
  }

  /** A child whose newer word, sealed by a key of its own, names no parent. One that names another is moved by those above. */
  function hasLeft(signed: SignedAnnouncement): boolean {
    const { node, parent } = signed.announcement
    const [held, place] = [book.set.held.get(node), book.set.places.get(node)]
    if (parent !== null || held === undefined || place?.parent !== self) return false
    if (compareAnnouncements(rankOf(signed), rankOf(held)) <= 0) return false
    const key = place.keys.find(({ kid, revokedAt }) => kid === signed.kid && revokedAt === undefined)
    return key !== undefined && book.judge.verifyAnnouncement(signed, key.publicKey)
  }

  /** What follows when a newer word of this node itself was among them. */
  function recovered(answer: Acceptance, at: number): Consequence {
    const counts = answer.set.held.get(self)
    const { mine, declared } = book
    if (counts === undefined || counts === mine) return nothingMore
    if (mine !== null && compareAnnouncements(rankOf(counts), rankOf(mine)) <= 0) return nothingMore
    const { epoch, version } = counts.announcement
    const content = wordOf(counts.announcement, declared.content.exceptions).declared
    const changes = diffDeclared(declared.content, content)
    context.log('warn', 'a neighbour holds a newer announcement of this node: taken up again', {
      detail: { version: versionText({ epoch, version }), changes: changes.length },
    })
    const base = { epoch: declared.epoch, version: declared.version }
    const next: DeclaredVersion = { epoch, version, at, by: counts.kid, reason: '', base, content }
    const state = { ...book.state, nextEpoch: Math.max(book.state.nextEpoch, epoch + 1) }
    const act = { at, type: 'directory.recover', detail: { version: versionText({ epoch, version }), changes } }
    return {
      stored: { declared: next, state, acts: [act] },
      settle: () => void Object.assign(book, { mine: counts, declared: next, state }),
    }
  }

  async function commit(answer: Acceptance, more: Consequence): Promise<void> {
    const at = context.now()
    const { set, accepted, dropped, freshKeys } = answer
    await store.directory.write({
      announcements: accepted.map((signed) => storedOf(more.judge ?? book.judge, signed, at)),
      dropped: dropped.map(({ announcement: { node } }) => node).filter((node) => node !== self),
      keys: freshKeys.map((key) => [nodeOfKid(key.kid) ?? '', key] as const),
      ...more.stored,
    })
    book.set = set
    more.settle()
    for (const { announcement } of dropped) book.takenAt.delete(announcement.node)
    for (const { announcement } of accepted) book.takenAt.set(announcement.node, at)
    if (dropped.length > 0) {
      const nodes = dropped.map(({ announcement: { node } }) => node)
      context.log('info', 'announcements do not count any more', {
        detail: { count: nodes.length, nodes: nodes.slice(0, 20) },
      })
    }
    exchange.spread(accepted, (signed) => origins.get(signed) ?? null)
  }

  /* ---- the directory they make ---- */

  function mergeSoon(): void {
    if (stopped) return
    const { leastMs, times, mostMs } = mergePause
    merging ??= setTimeout(mergeNow, Math.min(mostMs, Math.max(leastMs, mergeMs * times)))
  }

  function mergeNow(): void {
    if (merging !== null) clearTimeout(merging)
    merging = null
    void inTurn(merge).catch(failed)
  }

  async function settled(): Promise<void> {
    do {
      await last
      if (merging !== null) mergeNow()
      await last
      await exchange.idle()
    } while (!backlog.isEmpty() || merging !== null)
  }

  async function merge(): Promise<void> {
    const began = performance.now()
    const version = Math.max(book.state.version, context.table.version) + 1
    const { view, remarks } = viewOf(book, book.set, version)
    refusals.remark(remarks)
    const state = { ...book.state, version }
    await store.directory.write({ state })
    book.state = state
    mergeMs = performance.now() - began
    await living.changeDirectory(view)
    await resealed()
  }

  /** A key of this node that others believe now seals from now on. */
  async function resealed(): Promise<void> {
    if (book.mine === null || book.mine.kid === config.key.kid) return
    const kids = book.set.places.get(self)?.keys.map(({ kid }) => kid) ?? []
    // Once for what is known of its keys: it may not count yet.
    if (!kids.includes(config.key.kid) || tried === kids.join()) return
    tried = kids.join()
    const act = { by: config.key.kid, reason: '' }
    await speak({ type: 'directory.reseal', act, word: revouched })
  }

  /* ---- what this node says ---- */

  function word(): OwnWord {
    const { mine, declared } = book
    if (mine !== null) return { ...wordOf(mine.announcement, declared.content.exceptions), declared: declared.content }
    return {
      node: self,
      parent: parts.parent,
      tier: parts.directory.tier ?? '',
      keys: [],
      declared: declared.content,
      childKeys: new Map(),
      revocations: [],
      attests: [],
    }
  }

  /** Every child's key vouched for by this node's newest as well. */
  function revouched(now: OwnWord): OwnWord {
    const childKeys = [...now.childKeys].map(
      ([id, own]) => [id, own.map((key) => vouchedBy(config.key, key) ?? key)] as const,
    )
    return { ...now, childKeys: new Map(childKeys) }
  }

  function nextVersion() {
    const { mine, state } = book
    if (mine === null) return { epoch: state.nextEpoch, version: 1 }
    const { epoch, version } = mine.announcement
    return epoch >= state.nextEpoch ? { epoch, version: version + 1 } : { epoch: state.nextEpoch, version: 1 }
  }

  function judgeBy(state: DirectoryBook['state']): DirectoryJudge {
    const [first] = keys
    const root = book.mine?.announcement.keys[0] ?? first ?? config.key
    const changed = createJudge(config, pinnedBy(parts.directory, state), { kid: root.kid, publicKey: root.publicKey })
    for (const each of book.set.held.values()) {
      const publicKey = book.judge.checkedWith(each)
      if (publicKey !== null) changed.trust(each, publicKey)
    }
    return changed
  }

  /** Sealed by the newest of this node's keys that counts. */
  function sealed(
    next: OwnWord,
    { at, judging, isTop }: { readonly at: number; readonly judging: DirectoryJudge; readonly isTop: boolean },
  ): { readonly signed: SignedAnnouncement; readonly answer: Acceptance } {
    let refusal: RelayError | null = null
    for (const key of keys) {
      const own = isTop ? handedOver(next.keys, key, keys) : []
      if (own === null) continue
      const signed = sealAnnouncement(announcementOf({ ...next, keys: own }, nextVersion(), at), key)
      const answer = judge({ ...book, judge: judging }, [signed], at)
      const refused = answer.refused.find((each) => each.signed === signed)
      if (refused === undefined) return { signed, answer }
      refusal ??= new RelayError(refused.code, { detail: refused.detail })
      if (!refused.code.startsWith('KEY_')) break
    }
    throw refusal ?? new RelayError('KEY_UNKNOWN', { detail: { kid: config.key.kid } })
  }

  async function speak(said: OwnChange): Promise<DeclaredVersion> {
    const { type, act, word: change, neighbours = [], invitations = [], roots, detail = {} } = said
    const at = context.now()
    const before = book.declared
    const next = change(word())
    const pinning = roots === undefined ? book.state : { ...book.state, roots }
    const judging = roots === undefined ? book.judge : judgeBy(pinning)
    const { signed, answer } = sealed(next, { at, judging, isTop: pinned(pinning) })
    const [id] = answer.set.places.get(self)?.share.exceeded ?? []
    if (id !== undefined) throw new RelayError('DELEGATION_EXCEEDED', { detail: { node: self, id } })
    const { epoch, version } = signed.announcement
    const changes = diffDeclared(before.content, next.declared)
    const base = { epoch: before.epoch, version: before.version }
    const facts = { epoch, version, at, by: act.by, reason: act.reason }
    const isKept = changes.length === 0 && book.mine !== null && type !== 'directory.apply'
    const declared: DeclaredVersion = isKept
      ? before
      : { ...facts, base: book.mine === null ? null : base, content: next.declared }
    const state = { ...pinning, nextEpoch: Math.max(pinning.nextEpoch, epoch) }
    const { view } = viewOf({ judge: judging, declared }, answer.set, 0)
    // Before it is durable: what cannot be routed by is not announced.
    compileTable(self, view.directory, 0, at, view.exceptions)
    const record: ActRecord = {
      at,
      type,
      detail: { ...act, ...detail, version: versionText({ epoch, version }), changes },
    }
    await commit(answer, {
      stored: {
        state,
        neighbours,
        invitations,
        acts: [record],
        ...(isKept ? { unchanged: { ...facts, base } } : { declared }),
      },
      judge: judging,
      settle: () => void Object.assign(book, { judge: judging, mine: signed, declared, state }),
    })
    await merge()
    return declared
  }

  function failed(error: unknown): void {
    context.log('error', 'the directory could not be kept', {
      code: error instanceof RelayError ? error.code : 'INTERNAL',
      detail: { error: String(error) },
    })
  }

  const exchange = openExchange(context, {
    living,
    holdings: () => book.holdings(),
    isRefused: refusals.isRefused,
    take,
  })
  const keeper: DirectoryKeeper = {
    word,
    get signer() {
      return keys.find(({ kid }) => kid === book.mine?.kid) ?? config.key
    },
    say: (change) => (stopped ? Promise.reject(new RelayError('NODE_STOPPING')) : inTurn(() => speak(change))),
    tell: (neighbour) => exchange.tell(neighbour, book.mine === null ? [] : [book.mine]),
    settled,
    steps: exchange.steps,
    async stop() {
      stopped = true
      if (merging !== null) clearTimeout(merging)
      await exchange.stop()
      await last
    },
  }
  // A first word; or the newest key of a pinned node, which nobody else announces; or one sealed by a key no longer at hand.
  const lacksKey = pinned() && book.mine?.announcement.keys.some(({ kid }) => kid === config.key.kid) !== true
  if (book.mine === null || lacksKey || !book.set.held.has(self)) {
    await keeper
      .say({ type: 'directory.begin', act: { by: config.key.kid, reason: '' }, word: revouched })
      .catch(failed)
  }
  return keeper
}
