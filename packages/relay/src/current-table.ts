/** The routing table of today: compiled anew when a day has come on which an organisation opens or closes. */
import { compileTable, type RoutingTable } from '@lienthong/core'
import type { NodeConfig } from './contract.ts'

/**
 * Gives the table that holds now, each time it is asked. Nobody waits for a day: the first question
 * behind midnight pays for the compilation. Throws DIRECTORY_INVALID at once for a directory that cannot be.
 */
export function currentTable(
  config: Pick<NodeConfig, 'id' | 'directory' | 'tableVersion'>,
  now: () => number,
  onChange: (table: RoutingTable) => void,
): () => RoutingTable {
  let table = compileTable(config.id, config.directory, config.tableVersion, now())
  return () => {
    if (table.nextChangeAt === null) return table
    const at = now()
    if (at < table.nextChangeAt) return table
    table = compileTable(config.id, config.directory, config.tableVersion, at)
    onChange(table)
    return table
  }
}
