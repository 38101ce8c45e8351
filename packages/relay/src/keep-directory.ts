/** A living directory at one node, put together: kept, and changed through its doors. */
import type { NodeId } from '@lienthong/core'
import type { AdministrationDoor } from './administration.ts'
import type { NodeContext } from './context.ts'
import type { NodeConfig } from './contract.ts'
import type { DirectoryBook } from './directory-book.ts'
import { administrationDoor, membershipDoor } from './directory-doors.ts'
import { openKeeper } from './directory-keeper.ts'
import type { ChildAccount, LivingDirectory, LivingParts } from './living.ts'
import type { MembershipDoor } from './membership.ts'
import type { NeighbourAccounts } from './neighbour-accounts.ts'
import type { Vault } from './vault.ts'

export interface KeptDirectory {
  readonly administration: AdministrationDoor
  readonly membership: MembershipDoor
  /** Who may come in as a child now. */
  readonly children: ReadonlyMap<NodeId, ChildAccount>
  stop(): Promise<void>
}

export function isLiving(directory: NodeConfig['directory']): directory is LivingDirectory {
  return 'living' in directory
}

export async function keepDirectory(
  context: NodeContext,
  parts: {
    readonly book: DirectoryBook
    readonly living: LivingParts
    readonly vault: Vault
    readonly accounts: NeighbourAccounts
  },
): Promise<KeptDirectory> {
  const { book, living, vault, accounts } = parts
  const { directory } = context.config
  const config: LivingDirectory = isLiving(directory) ? directory : { living: true, roots: [] }
  let door: MembershipDoor | null = null
  const keeper = await openKeeper(context, {
    ...{ book, living, directory: config, parent: accounts.parent?.id ?? null },
    onLeft(child, kid) {
      context.log('info', 'a child has left', { detail: { child, kid } })
      door?.dismiss(child, { by: kid, reason: 'leave' }).catch((error: unknown) => {
        context.log('error', 'a child that has left could not be taken out', {
          detail: { child, error: String(error) },
        })
      })
    },
  })
  const membership = membershipDoor(context, { book, keeper, living, vault, accounts })
  door = membership
  return {
    administration: administrationDoor(context, { book, keeper, keepOnly: membership.keepOnly }),
    membership,
    get children() {
      return membership.children
    },
    stop: keeper.stop,
  }
}
