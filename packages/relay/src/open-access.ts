/** Who may come in, read from configuration and store at start. */

import type { OperatorDoor } from './admin-doors.ts'
import type { NodeContext } from './context.ts'
import { openOperatorDoor } from './operator-door.ts'
import { createSystemDoor, type SystemParts, type Systems } from './system-door.ts'
import { createRegistry } from './system-registry.ts'
import { openVault, type Vault } from './vault.ts'

export interface Access {
  readonly systems: Systems
  readonly operators: OperatorDoor
  readonly vault: Vault
}

export async function openAccess(
  context: NodeContext,
  parts: Pick<SystemParts, 'onAccounts' | 'isReserved'>,
): Promise<Access> {
  const { key, earlierKeys = [], systems: declared } = context.config
  const loaded = await context.store.access.load()
  const vault = await openVault(context.store.access, { key, earlier: earlierKeys }, loaded.vault, (kid) =>
    context.log('error', 'secrets sealed under an earlier key of this node cannot be read: name that key once more', {
      code: 'KEY_UNKNOWN',
      detail: { kid },
    }),
  )
  for (const { id } of loaded.systems.filter((system) => declared.some((each) => each.id === system.id))) {
    context.log('warn', 'a system of the store is also declared; the declaration holds', { detail: { system: id } })
  }
  return {
    vault,
    systems: createSystemDoor(context, { registry: createRegistry(declared, loaded), vault, ...parts }),
    operators: await openOperatorDoor(context),
  }
}
