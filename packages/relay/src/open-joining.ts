/** The desk where others join this node, and its own way to a parent, put together. */
import { overlapsWith, RelayError } from '@lienthong/core'
import { type Connection, names, type Receiver, type Topology } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import { type DirectoryBook, pinnedBy } from './directory-book.ts'
import { openInvitations } from './invitations.ts'
import type { JoiningDoor } from './joining.ts'
import { joiningDoor } from './joining-door.ts'
import { isLiving, type KeptDirectory } from './keep-directory.ts'
import type { Left } from './left.ts'
import type { LivingParts } from './living.ts'
import type { Vault } from './vault.ts'

/** Requests to join worked on at once. */
const joinPrefetch = 8

export interface Joining {
  /** For the topology. */
  readonly accounts: Topology['invitations']
  /** Opens the desk, once the directory is kept. */
  begin(parts: {
    readonly kept: KeptDirectory
    readonly living: LivingParts
    readonly isLinked: () => boolean
    readonly left: () => Promise<Left>
  }): JoiningDoor
  stop(): Promise<void>
}

export async function openJoining(
  context: NodeContext,
  parts: {
    readonly book: DirectoryBook
    readonly vault: Vault
    readonly takes: Connection
    readonly gives: Connection
    /** null, or why the broker does not have them yet. */
    readonly onAccounts: () => Promise<RelayError | null>
  },
): Promise<Joining> {
  const { book, takes } = parts
  const { directory } = context.config
  const living = isLiving(directory) ? directory : { living: true as const, roots: [] }
  const roots = () => pinnedBy(living, book.state).roots
  const sender = parts.gives.openSender()
  let kept: KeptDirectory | null = null
  let desk: Receiver | null = null
  let unwatch = () => {}

  const invitations = await openInvitations(context, {
    vault: parts.vault,
    records: book.invitations,
    sender,
    roots,
    async admit(child, { kid, publicKey }, password) {
      const declared = book.declared.content.children.find(({ id }) => id === child)
      if (declared === undefined || kept === null) throw new RelayError('JOIN_REFUSED')
      const key = { kid, publicKey, vouchers: [] }
      await kept.membership.admit({ ...declared, key, password }, { by: kid, reason: 'join' })
    },
    survey(child, claims) {
      const { directory: known, table } = context
      return overlapsWith(claims, {
        child,
        given: book.declared.content.children,
        listed: (code) => table.listed(code),
        isOwn: (node) => table.isBelow(node, child),
        parentOf: (node) => known.nodes.find(({ id }) => id === node)?.parent,
      })
    },
    async onAccounts() {
      const failure = await parts.onAccounts()
      openDesk()
      return failure
    },
  })

  /** There is a queue to read from once somebody has been invited. */
  function openDesk(): void {
    if (kept === null || desk !== null || invitations.accounts === undefined) return
    desk = takes.openReceiver({ queue: names.join, prefetch: joinPrefetch, onDelivery: invitations.answer })
  }

  return {
    get accounts() {
      return invitations.accounts
    },
    begin({ kept: directoryKept, living: parted, isLinked, left }) {
      kept = directoryKept
      openDesk()
      // What the child was invited for is done when it comes in by its own account.
      unwatch = parted.onLink((neighbour, open) => {
        const used = invitations.list().some(({ child, state }) => child === neighbour && state === 'used')
        if (open && used) {
          invitations.drop(neighbour).catch((error: unknown) => {
            context.log('error', 'an invitation could not be ended', { detail: { error: String(error) } })
          })
        }
      })
      const { administration, membership } = directoryKept
      const children = () => directoryKept.children
      return joiningDoor(context, {
        administration,
        membership,
        children,
        living: parted,
        invitations,
        roots,
        isLinked,
        left,
        parentOf: (node) => book.set.places.get(node)?.parent ?? null,
      })
    },
    async stop() {
      unwatch()
      invitations.stop()
      await desk?.close()
      await sender.close()
    },
  }
}
