/** The address of the parent and the passwords of children, as the store keeps them: sealed. */
import type { NodeId } from '@lienthong/core'
import type { BrokerAddress } from '@lienthong/link'
import type { NeighbourRecord } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { ChildAccount, ParentAccess } from './living.ts'
import type { Vault } from './vault.ts'

export interface NeighbourAccounts {
  readonly parent: ParentAccess | null
  readonly children: readonly ChildAccount[]
}

/** What cannot be opened is left out, and said. */
export function openAccounts(
  context: NodeContext,
  vault: Vault,
  records: readonly NeighbourRecord[],
): NeighbourAccounts {
  let parent: ParentAccess | null = null
  const children: ChildAccount[] = []
  for (const { node, role, sealed } of records) {
    const secret = vault.open(sealed, purposeOf(role, node))
    if (secret === null) {
      context.log('error', 'the account of a neighbour cannot be read', {
        code: 'KEY_UNKNOWN',
        detail: { neighbour: node },
      })
    } else if (role === 'child') children.push({ id: node, password: secret })
    else parent = { id: node, address: JSON.parse(secret) as BrokerAddress }
  }
  return { parent, children }
}

export function parentRecord(vault: Vault, { id, address }: ParentAccess): NeighbourRecord {
  return { node: id, role: 'parent', sealed: vault.seal(JSON.stringify(address), purposeOf('parent', id)) }
}

export function childRecord(vault: Vault, { id, password }: ChildAccount): NeighbourRecord {
  return { node: id, role: 'child', sealed: vault.seal(password, purposeOf('child', id)) }
}

function purposeOf(role: NeighbourRecord['role'], node: NodeId): string {
  return `${role} ${node}`
}
