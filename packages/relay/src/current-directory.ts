/** The directory of now and what is made of it: the routing table of today, and the registry of keys. */
import { compileTable, type Directory, openRegistry, type Registry, type RoutingTable } from '@lienthong/core'
import { verifySignature } from '@lienthong/link'
import type { NodeConfig } from './contract.ts'
import type { DirectoryView } from './living.ts'

export interface CurrentDirectory {
  readonly directory: Directory
  readonly registry: Registry
  /** As of now; ask again rather than keep it. */
  table(): RoutingTable
  /**
   * Another directory, ready to take the place of this one. Throws DIRECTORY_INVALID for one that cannot be; then, and
   * until `commit`, nothing has changed. A table's version never falls while the node runs.
   */
  prepare(next: DirectoryView): { readonly table: RoutingTable; commit(): void }
}

/**
 * Nobody waits for a day: the first question behind midnight pays for the compilation. Throws DIRECTORY_INVALID at once
 * for a directory that cannot be.
 */
export function followDirectory(
  { id, tableVersion }: Pick<NodeConfig, 'id' | 'tableVersion'>,
  start: DirectoryView,
  now: () => number,
  /** An organisation opened or closed, or an exception ended. */
  onDay: (table: RoutingTable) => void,
): CurrentDirectory {
  const compile = ({ directory, exceptions }: DirectoryView, version: number) =>
    compileTable(id, directory, version, now(), exceptions)
  let view = start
  let version = tableVersion
  let table = compile(view, version)
  let registry = openRegistry(view.directory, verifySignature)

  function current(): RoutingTable {
    if (table.nextChangeAt === null || now() < table.nextChangeAt) return table
    table = compile(view, version)
    onDay(table)
    return table
  }

  return {
    get directory() {
      return view.directory
    },
    get registry() {
      return registry
    },
    table: current,
    prepare(next) {
      const nextVersion = Math.max(next.directory.version, current().version + 1)
      const nextTable = compile(next, nextVersion)
      return {
        table: nextTable,
        commit() {
          view = next
          version = nextVersion
          table = nextTable
          registry = openRegistry(next.directory, verifySignature)
        },
      }
    },
  }
}
