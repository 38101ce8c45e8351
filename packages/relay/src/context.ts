/** What every part of one node shares: who it is, what it knows, where it writes. */
import { findKey, openRegistry, RelayError, type RoutingTable } from '@lienthong/core'
import { createVerifier, type Verifier, verifySignature } from '@lienthong/link'
import type { Store } from '@lienthong/store'
import type { LogFields, NodeConfig, RelayEvent, RelayHost } from './contract.ts'
import { type Counters, createCounters } from './counters.ts'
import { createNews, type News } from './news.ts'
import { openSignatureGate, type SignatureGate } from './packet-signature.ts'

export interface NodeContext {
  readonly config: NodeConfig
  /** As of now; ask again rather than keep it. */
  readonly table: RoutingTable
  readonly store: Store
  /** This node's share of the process's bytes in flight. */
  readonly budgetBytes: number
  /** Random per start; a clone of this node has another. */
  readonly instance: string
  now(): number
  /**
   * Checks seals against the directory's keys as they stand by this node's clock now. Throws SEAL_INVALID,
   * KEY_UNKNOWN, KEY_REVOKED, KEY_NOT_VOUCHED or KEY_EXPIRED.
   */
  readonly checkSeal: Verifier
  /** What the signatures inside packets have to prove. */
  readonly signatures: SignatureGate
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: LogFields): void
  observe(event: RelayEvent): void
  readonly counters: Counters
  /** What has just become durable. */
  readonly news: News
}

export function createContext(parts: {
  config: NodeConfig
  host: RelayHost
  table: () => RoutingTable
  store: Store
  instance: string
}): NodeContext {
  const { config, host } = parts
  const counters = createCounters()
  const registry = openRegistry(config.directory, verifySignature)
  const log: RelayHost['log'] = (level, message, fields = {}) =>
    host.log(level, message, { node: config.id, ...fields })
  return {
    config,
    get table() {
      return parts.table()
    },
    store: parts.store,
    budgetBytes: config.limits.inFlightBytes / (host.nodes ?? 1),
    instance: parts.instance,
    now: () => Date.now(),
    signatures: openSignatureGate({
      rules: config.signatures,
      registry,
      payloads: parts.store.payloads,
      log,
      now: () => Date.now(),
    }),
    checkSeal: createVerifier((kid) => {
      const answer = findKey(registry, kid, Date.now())
      if (!answer.found) throw new RelayError(answer.code, { detail: answer.detail })
      return answer.key
    }),
    log,
    counters,
    news: createNews((error) => log('error', 'a watcher failed', { detail: { error: String(error) } })),
    observe(event) {
      counters.observe(event)
      host.observe?.(event)
    },
  }
}
