/** What every part of one node shares: who it is, what it knows, where it writes. */
import type { NodeId, OrganId, RoutingTable } from '@lienthong/core'
import { createVerifier, type Verifier } from '@lienthong/link'
import type { Store } from '@lienthong/store'
import type { LogFields, NodeConfig, RelayEvent, RelayHost } from './contract.ts'

export interface NodeContext {
  readonly config: NodeConfig
  readonly table: RoutingTable
  readonly store: Store
  /** This node's share of the process's bytes in flight. */
  readonly budgetBytes: number
  /** Random per start; a clone of this node has another. */
  readonly instance: string
  now(): number
  /** Checks seals against a node's keys; KEY_UNKNOWN for a node the directory does not list. */
  verifierOf(node: NodeId): Verifier
  /** True when this node serves the organisation by today's directory. */
  serves(organ: OrganId): boolean
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: LogFields): void
  observe(event: RelayEvent): void
}

export function createContext(parts: {
  config: NodeConfig
  host: RelayHost
  table: RoutingTable
  store: Store
  instance: string
}): NodeContext {
  const { config, host, table } = parts
  const verifiers = new Map(config.directory.nodes.map((node) => [node.id, createVerifier(node.keys)]))
  const nobody = createVerifier([])
  return {
    config,
    table,
    store: parts.store,
    budgetBytes: config.limits.inFlightBytes / (host.nodes ?? 1),
    instance: parts.instance,
    now: () => Date.now(),
    verifierOf: (node) => verifiers.get(node) ?? nobody,
    serves: (organ) => {
      const resolution = table.resolve(organ)
      return resolution.found && resolution.node === config.id
    },
    log: (level, message, fields = {}) => host.log(level, message, { node: config.id, ...fields }),
    observe: (event) => host.observe?.(event),
  }
}
