/** Joining, at both ends: invitations of this node, and its own way to a parent. */
import { randomBytes } from 'node:crypto'
import {
  type AnnouncementVersion,
  type DeclaredChild,
  type NodeId,
  nodeOfKid,
  RelayError,
  type RootKey,
} from '@lienthong/core'
import {
  decodeJoinAnswer,
  encodeJoinRequest,
  grantLine,
  type Invitation,
  invitationLine,
  type JoinGrant,
  makeJoinRequest,
  readGrantLine,
  readRequestLine,
  requestLine,
} from '@lienthong/link'
import type { AdministrationDoor } from './administration.ts'
import { askParent, invitationFor } from './ask-parent.ts'
import type { NodeContext } from './context.ts'
import { accountNotMade, grantFor, type Invitations } from './invitations.ts'
import type { InvitedChild, JoiningDoor, JoinOutcome } from './joining.ts'
import type { Left } from './left.ts'
import type { ChildAccount, LivingParts } from './living.ts'
import type { Act, MembershipDoor } from './membership.ts'

/** How long joining waits to see the link open; it opens by itself, whenever. */
const linkPatienceMs = 15_000
/** Versions looked through at once. */
const historyPage = 100

export interface JoiningParts {
  readonly administration: AdministrationDoor
  readonly membership: MembershipDoor
  readonly children: () => ReadonlyMap<NodeId, ChildAccount>
  readonly living: LivingParts
  readonly invitations: Invitations
  /** Whom this node pins; empty when it belongs to no axis yet. */
  readonly roots: () => readonly RootKey[]
  readonly isLinked: () => boolean
  /** What others still wait for, by what it is. */
  readonly left: () => Promise<Left>
  /** In the directory of now; null for none, and for a node it does not know. */
  readonly parentOf: (node: NodeId) => NodeId | null
}

export function joiningDoor(context: NodeContext, parts: JoiningParts): JoiningDoor {
  const { administration, membership, invitations, living, roots } = parts
  const { id: self, key } = context.config

  function parent(): NodeId | null {
    return living.neighbours.parent
  }

  /** Declares what is new or different of these children, in one version. */
  async function declare(children: readonly DeclaredChild[], act: Act): Promise<void> {
    const { epoch, version, content } = await administration.current()
    const wanted = new Map(children.map((child) => [child.id, child]))
    const kept = content.children.map((child) => wanted.get(child.id) ?? child)
    const known = new Set(content.children.map(({ id }) => id))
    const next = [...kept, ...children.filter(({ id }) => !known.has(id))]
    if (JSON.stringify(next) === JSON.stringify(content.children)) return
    await administration.apply({ base: { epoch, version }, content: { ...content, children: next }, ...act })
  }

  function stateOf(child: NodeId): InvitedChild {
    if (invitations.find(child) === null) {
      const joined = parts.children().has(child)
      return { child, state: joined ? 'joined' : 'invited', token: null, expiresAt: null }
    }
    return { child, state: 'kept', ...tokenOf(child) }
  }

  function tokenOf(child: NodeId): Pick<InvitedChild, 'token' | 'expiresAt'> {
    const invitation = invitations.find(child)
    if (invitation === null) return { token: null, expiresAt: null }
    return { token: invitationLine(invitation), expiresAt: invitation.expiresAt }
  }

  /** Goes by this parent, and waits a little for the link. */
  async function follow(
    { parent: id, address, password }: JoinGrant,
    act: Act & { readonly roots?: readonly RootKey[] },
  ): Promise<JoinOutcome> {
    const opened = linkOpens(id)
    await membership.follow({ id, address: { ...address, user: self, password } }, act)
    return { parent: id, outcome: 'joined', linked: await opened }
  }

  function linkOpens(id: NodeId): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (linked: boolean) => {
        clearTimeout(timer)
        unwatch()
        resolve(linked)
      }
      const timer = setTimeout(() => done(false), linkPatienceMs)
      timer.unref()
      const unwatch = living.onLink((neighbour, open) => {
        if (neighbour === id && open) done(true)
      })
    })
  }

  /** When this child was taken out; null: it is one still. Throws NOT_FOUND for one that was never a child here. */
  async function leftOn(child: NodeId): Promise<number | null> {
    let leftAt: number | null = null
    let before: AnnouncementVersion | undefined
    for (;;) {
      const page = await administration.history({
        limit: historyPage,
        ...(before === undefined ? {} : { before }),
      })
      for (const { at, content } of page) {
        if (content.children.some(({ id }) => id === child)) return leftAt
        leftAt = at
      }
      before = page.at(-1)
      if (before === undefined) throw new RelayError('NOT_FOUND', { detail: { what: child } })
    }
  }

  function isRoot(): boolean {
    return roots().some(({ kid }) => nodeOfKid(kid) === self)
  }

  /** The invitation, if this node may follow it. */
  function followable(token: string, insteadOf?: NodeId): Invitation {
    const invitation = invitationFor(self, token)
    refuseOther(invitation.parent, insteadOf)
    return invitation
  }

  function refuseOther(to: NodeId, insteadOf?: NodeId): void {
    const there = parent()
    if (there !== null && there !== to && there !== insteadOf) {
      throw new RelayError('NODE_JOINED', { detail: { parent: there } })
    }
  }

  /** A link that has only just opened may fall once more; the invitation is used up by then. */
  async function alreadyAt(to: NodeId): Promise<JoinOutcome | null> {
    if (parent() !== to) return null
    const linked = parts.isLinked() || (await linkOpens(to))
    return linked ? { parent: to, outcome: 'already', linked } : null
  }

  return {
    async invite(children, { validForMs, dryRun = false }, act) {
      if (roots().length === 0) throw new RelayError('NODE_NOT_JOINED', { detail: { node: self } })
      const states = children.map(({ id }) => stateOf(id))
      if (dryRun) return states.map((each) => ({ ...each, token: null }))
      await declare(children, act)
      const fresh = states.filter(({ state }) => state === 'invited').map(({ child }) => child)
      if (fresh.length > 0) await invitations.add(fresh, context.now() + validForMs)
      // A line that the broker does not let in yet would look like a bad one.
      await invitations.ready(children.map(({ id }) => id))
      return states.map((each) => (each.state === 'joined' ? each : { ...each, ...tokenOf(each.child) }))
    },
    invitations: invitations.list,
    async grant(line, child, act) {
      if (roots().length === 0) throw new RelayError('NODE_NOT_JOINED', { detail: { node: self } })
      const { node, key: theirs } = readRequestLine(line)
      const password = parts.children().get(node)?.password ?? randomBytes(24).toString('base64url')
      const key = { ...theirs, vouchers: [] }
      const failure = await membership.admit({ ...child, id: node, key, password }, act)
      await invitations.drop(node)
      // As a line is: one that did not open would look like a bad answer.
      if (failure !== null) throw accountNotMade(1, failure)
      return { child: node, answer: grantLine(grantFor(context, { node, key: theirs, password, roots: roots() })) }
    },
    async join(token, { insteadOf, ...act }) {
      const invitation = followable(token, insteadOf)
      if (isRoot()) throw new RelayError('NODE_IS_ROOT')
      return (
        (await alreadyAt(invitation.parent)) ?? follow(await granted(invitation), { ...act, roots: invitation.roots })
      )
    },
    async bridge(token, act) {
      const invitation = followable(token)
      if (!isRoot()) throw new RelayError('NODE_NOT_JOINED', { detail: { node: self } })
      const there = await alreadyAt(invitation.parent)
      if (there !== null) return there
      const grant = await granted(invitation)
      await membership.attest(invitation.roots, act)
      return follow(grant, act)
    },
    request: () => requestLine(makeJoinRequest(self, key, null)),
    async accept(answer, act) {
      const grant = readGrantLine(answer)
      if (grant.node !== self || grant.publicKey !== key.publicKey) {
        throw new RelayError('TOKEN_OTHER_NODE', { detail: { node: grant.node } })
      }
      refuseOther(grant.parent)
      if (isRoot()) throw new RelayError('NODE_IS_ROOT')
      return follow(grant, { ...act, roots: grant.roots })
    },
    async leave({ force = false, ...act }) {
      const former = parent()
      if (former === null) return { parent: null, outcome: 'already' }
      const left = force ? null : await parts.left()
      if (left !== null && Object.values(left).some((count) => count > 0)) {
        throw new RelayError('NODE_NOT_DRAINED', { detail: { ...left } })
      }
      if (isRoot()) await membership.attest([], act)
      const outcome = await membership.leave({ ...act, forget: !isRoot() })
      return { parent: former, outcome }
    },
    async dismiss(child, act) {
      const leftAt = await leftOn(child)
      await invitations.drop(child)
      if (leftAt !== null) return 'already'
      await membership.dismiss(child, act)
      return 'dismissed'
    },
    async revoke(child, act) {
      const leftAt = await leftOn(child)
      await invitations.drop(child)
      const other = leftAt === null ? null : parts.parentOf(child)
      if (other !== null) return { outcome: 'moved', leftAt, parent: other }
      await membership.dismiss(child, { ...act, revoke: true })
      return { outcome: leftAt === null ? 'revoked' : 'left', leftAt, parent: null }
    },
  }

  async function granted(invitation: Invitation): Promise<JoinGrant> {
    const { id, parent: named } = invitation
    const body = encodeJoinRequest(makeJoinRequest(self, key, id))
    const answer = decodeJoinAnswer(await askParent(invitation, body, context.now))
    if ('refused' in answer) throw new RelayError(answer.refused, { detail: answer.detail })
    const { granted: grant } = answer
    if (grant.parent !== named || grant.node !== self || grant.publicKey !== key.publicKey) {
      throw new RelayError('JOIN_REFUSED', { detail: { parent: named } })
    }
    return grant
  }
}
