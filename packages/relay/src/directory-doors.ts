/** The doors to a living directory: changes of what is declared, and of who belongs to whom. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  compareVersions,
  type DeclaredChild,
  type NodeId,
  type NodeKey,
  nodeOfKid,
  RelayError,
  versionText,
} from '@lienthong/core'
import type { AdministrationDoor } from './administration.ts'
import type { NodeContext } from './context.ts'
import type { DirectoryBook } from './directory-book.ts'
import type { DirectoryKeeper } from './directory-keeper.ts'
import type { ChildAccount, LivingParts } from './living.ts'
import type { LeaveOutcome, MembershipDoor } from './membership.ts'
import { childRecord, type NeighbourAccounts, parentRecord } from './neighbour-accounts.ts'
import { type OwnWord, revocationOf, vouchedBy } from './own-announcement.ts'
import type { Vault } from './vault.ts'

/** How long leaving waits to be heard, and then to see the line closed. */
const leavePatienceMs = 10_000

export function administrationDoor(
  context: NodeContext,
  {
    book,
    keeper,
    keepOnly,
  }: {
    readonly book: DirectoryBook
    readonly keeper: DirectoryKeeper
    /** Nobody else may come in as a child any more. */
    readonly keepOnly: (children: readonly NodeId[]) => Promise<void>
  },
): AdministrationDoor {
  return {
    current: async () => book.declared,
    history: (options) => context.store.directory.history(options),
    async apply({ base, content, by, reason }) {
      const version = await keeper.say({
        type: 'directory.apply',
        act: { by, reason },
        word(now) {
          if (compareVersions(base, book.declared) !== 0) {
            throw new RelayError('BASE_MOVED', { detail: { version: versionText(book.declared) } })
          }
          return { ...now, declared: content, childKeys: keysOf(book, now, content.children) }
        },
      })
      await keepOnly(content.children.map(({ id }) => id))
      return version
    },
    delegates: async () => book.set.places.get(context.config.id)?.delegation.codes ?? null,
    steps: async () => keeper.steps(),
    announcements: async () =>
      book
        .holdings()
        .entries.map(({ node, epoch, version }) => ({ node, epoch, version, at: book.takenAt.get(node) ?? 0 })),
  }
}

export function membershipDoor(
  context: NodeContext,
  parts: {
    readonly book: DirectoryBook
    readonly keeper: DirectoryKeeper
    readonly living: LivingParts
    readonly vault: Vault
    readonly accounts: NeighbourAccounts
  },
): MembershipDoor & {
  readonly children: ReadonlyMap<NodeId, ChildAccount>
  keepOnly(children: readonly NodeId[]): Promise<void>
} {
  const { book, keeper, living, vault } = parts
  let children: ReadonlyMap<NodeId, ChildAccount> = new Map(parts.accounts.children.map((each) => [each.id, each]))
  let parent = parts.accounts.parent?.id ?? null

  async function letIn(next: ReadonlyMap<NodeId, ChildAccount>): Promise<RelayError | null> {
    children = next
    return living.changeChildren([...children.values()])
  }

  function isChild(id: NodeId): boolean {
    return book.declared.content.children.some((each) => each.id === id)
  }

  /** Keys of a child, also of one that has left, that this node has not taken back yet. */
  function keysToRevoke({ childKeys, revocations }: OwnWord, id: NodeId): readonly NodeKey[] {
    const keys = childKeys.get(id) ?? rememberedKeys(book, id)
    return keys.filter(({ kid }) => !revocations.some((each) => each.kid === kid))
  }

  /** Says it over the line, and waits until the other side has closed it. */
  async function told(former: NodeId): Promise<LeaveOutcome> {
    let unwatch = () => {}
    const closed = new Promise<true>((resolve) => {
      unwatch = living.onLink((neighbour, open) => {
        if (neighbour === former && !open) resolve(true)
      })
    })
    try {
      const patience = () => sleep(leavePatienceMs, false as const, { ref: false })
      if (!(await Promise.race([keeper.tell(former).catch(() => false), patience()]))) return 'untold'
      return (await Promise.race([closed, patience()])) ? 'closed' : 'told'
    } finally {
      unwatch()
    }
  }

  /** The word with this key among those of its node. */
  function withKey(now: OwnWord, key: NodeKey): OwnWord {
    const id = nodeOfKid(key.kid) ?? ''
    const had = now.childKeys.get(id) ?? rememberedKeys(book, id)
    const there = had.find(({ kid }) => kid === key.kid)
    if (there !== undefined && there.publicKey !== key.publicKey) {
      throw new RelayError('KEY_EXISTS', { detail: { kid: key.kid } })
    }
    if (now.revocations.some(({ kid }) => kid === key.kid)) {
      throw new RelayError('KEY_REVOKED', { detail: { kid: key.kid } })
    }
    const vouched = vouchedBy(keeper.signer, there ?? key)
    if (vouched === null) throw new RelayError('DIRECTORY_INVALID', { detail: { reason: 'kid of another node', id } })
    const keys = there === undefined ? [...had, vouched] : had.map((own) => (own === there ? vouched : own))
    return { ...now, childKeys: new Map(now.childKeys).set(id, keys) }
  }

  return {
    get children() {
      return children
    },
    async keepOnly(ids) {
      const left = [...children.keys()].filter((id) => !ids.includes(id))
      if (left.length === 0) return
      await context.store.directory.write({ neighbours: left.map((node) => ({ node })) })
      await letIn(new Map([...children].filter(([id]) => ids.includes(id))))
    },
    async admit({ key, password, ...declared }, act) {
      const account = { id: declared.id, password }
      await keeper.say({
        type: 'directory.admit',
        act,
        neighbours: [childRecord(vault, account)],
        detail: { child: declared.id, kid: key.kid },
        word(now) {
          if (nodeOfKid(key.kid) !== declared.id) {
            throw new RelayError('DIRECTORY_INVALID', { detail: { reason: 'kid of another node', id: key.kid } })
          }
          const others = now.declared.children.filter(({ id }) => id !== declared.id)
          const place = now.declared.children.findIndex(({ id }) => id === declared.id)
          const next = place < 0 ? [...others, declared] : others.toSpliced(place, 0, declared)
          return withKey({ ...now, declared: { ...now.declared, children: next } }, key)
        },
      })
      return letIn(new Map(children).set(account.id, account))
    },
    async vouch(key, act) {
      const id = nodeOfKid(key.kid) ?? key.kid
      if (!isChild(id)) throw new RelayError('NOT_FOUND', { detail: { what: id } })
      await keeper.say({ type: 'directory.vouch', act, detail: { kid: key.kid }, word: (now) => withKey(now, key) })
    },
    async dismiss(id, { revoke = false, ...act }) {
      if (!isChild(id) && (!revoke || keysToRevoke(keeper.word(), id).length === 0)) return
      await keeper.say({
        type: 'directory.dismiss',
        act,
        neighbours: [{ node: id }],
        detail: { child: id, revoke },
        word(now) {
          const left = now.declared.children.filter((each) => each.id !== id)
          const taken = revoke ? keysToRevoke(now, id) : []
          const revocations = taken.flatMap((key) => revocationOf(keeper.signer, key, context.now()) ?? [])
          return {
            ...now,
            declared: { ...now.declared, children: left },
            revocations: [...now.revocations, ...revocations],
          }
        },
      })
      await letIn(new Map([...children].filter(([other]) => other !== id)))
    },
    async follow(next, { roots, ...act }) {
      const left = parent !== null && parent !== next.id ? [{ node: parent }] : []
      const pins = roots ?? (book.state.roots === null ? [] : undefined)
      await keeper.say({
        type: 'directory.follow',
        act,
        neighbours: [...left, parentRecord(vault, next)],
        detail: { parent: next.id },
        ...(pins === undefined ? {} : { roots: pins }),
        word: (now) => ({ ...now, parent: next.id }),
      })
      parent = next.id
      await living.changeParent(next)
    },
    async leave({ forget = false, ...act }) {
      const former = parent
      if (former === null) return 'already'
      await keeper.say({
        type: 'directory.leave',
        act,
        detail: { parent: former },
        ...(forget ? { roots: null } : {}),
        word: (now) => ({ ...now, parent: null }),
      })
      const outcome = await told(former)
      // Only now: a node that was stopped before finds the line again, and the parent hears of it.
      await context.store.directory.write({ neighbours: [{ node: former }] })
      parent = null
      await living.changeParent(null)
      return outcome
    },
    async attest(roots, act) {
      const kids = roots.map(({ kid }) => kid)
      await keeper.say({
        type: 'directory.attest',
        act,
        detail: { kids },
        word: (now) => ({ ...now, attests: roots.map(({ kid, publicKey }) => ({ kid, publicKey })) }),
      })
    },
  }
}

/** Keys of the children of a content, also of those that were children before. */
function keysOf(book: DirectoryBook, now: OwnWord, children: readonly DeclaredChild[]): OwnWord['childKeys'] {
  return new Map(children.map(({ id }) => [id, now.childKeys.get(id) ?? rememberedKeys(book, id)]))
}

function rememberedKeys({ set }: DirectoryBook, id: NodeId): readonly NodeKey[] {
  return [...(set.known.get(id)?.values() ?? [])].map((key) => {
    const { revokedAt: _, ...said } = key
    return said
  })
}
