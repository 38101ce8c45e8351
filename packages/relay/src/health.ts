/** How a node does, all at once: what an operator looks at, and checks and alarms are made of. */
import { statfs } from 'node:fs/promises'
import { type NodeKey, openRegistry } from '@lienthong/core'
import { verifySignature } from '@lienthong/link'
import type { EndingHealth, LinkDoor, NodeHealth } from './admin-doors.ts'
import type { DirectoryStep } from './administration.ts'
import type { NodeContext } from './context.ts'
import type { NodeStatus } from './contract.ts'
import type { Handover } from './handover.ts'

export function createHealth(
  context: NodeContext,
  parts: {
    readonly links: LinkDoor
    readonly status: () => Promise<NodeStatus>
    readonly handover: Pick<Handover, 'left'>
    /** null: the directory is a file. */
    readonly directories: () => Promise<readonly DirectoryStep[]> | null
  },
): () => Promise<NodeHealth> {
  return async () => {
    const [status, figures, links, disk, handover] = await Promise.all([
      parts.status(),
      context.store.figures(),
      parts.links.list(),
      spaceOf(context.config.dataDir),
      parts.handover.left(),
    ])
    return {
      ...status,
      at: context.now(),
      links,
      oldestDocumentAt: figures.oldestDocumentAt,
      waiting: figures.waiting,
      handover,
      deadLetters: figures.deadLetters,
      databaseBytes: figures.databaseBytes,
      disk,
      keys: keysOf(context),
      certificates: certificatesOf(context),
      directories: (await parts.directories()) ?? null,
    }
  }
}

/** Keys of this node that have not been revoked; a key ends at the latest when those who vouch for it do. */
function keysOf(context: NodeContext): readonly (EndingHealth & { readonly inUse: boolean })[] {
  const { directory, config } = context
  const keys: readonly NodeKey[] = directory.nodes.find(({ id }) => id === config.id)?.keys ?? []
  // Asked often: the certificates of every organisation are nothing to keys.
  const { nodes, roots } = directory
  const registry = openRegistry({ nodes, ...(roots === undefined ? {} : { roots }) }, verifySignature)
  return keys
    .filter(({ revokedAt }) => revokedAt === undefined)
    .map(({ kid, validTo = Infinity }) => {
      const end = Math.min(validTo, registry.vouchedUntil(kid) ?? 0)
      return { name: kid, endsAt: end === Infinity ? null : end, inUse: kid === config.key.kid }
    })
}

/** Signing certificates pinned for the organisations served here. */
function certificatesOf({ directory, config }: NodeContext): readonly EndingHealth[] {
  return directory.organisations
    .filter(({ node }) => node === config.id)
    .flatMap(({ id, certificates = [] }) =>
      certificates
        .filter(({ revokedAt }) => revokedAt === undefined)
        .map(({ fingerprint, validTo }) => ({ name: `${id} ${fingerprint.slice(0, 16)}`, endsAt: validTo ?? null })),
    )
}

async function spaceOf(path: string): Promise<NodeHealth['disk']> {
  const found = await statfs(path).catch(() => null)
  if (found === null) return null
  return { path, freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize }
}
