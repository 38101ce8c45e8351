/** What every part of one node shares: who it is, what it knows, where it writes. */
import { type Directory, findKey, RelayError, type RoutingTable } from '@lienthong/core'
import { createVerifier, type Verifier } from '@lienthong/link'
import type { Store } from '@lienthong/store'
import type { LogFields, NodeConfig, RelayEvent, RelayHost } from './contract.ts'
import { type Counters, createCounters } from './counters.ts'
import type { CurrentDirectory } from './current-directory.ts'
import { createNews, type News } from './news.ts'
import { openSignatureGate, type SignatureGate } from './packet-signature.ts'
import { createSightings, rememberedDocuments, type Sightings } from './sightings.ts'

export interface NodeContext {
  readonly config: NodeConfig
  /** As of now; ask again rather than keep it. */
  readonly table: RoutingTable
  /** As published. */
  readonly directory: Directory
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
  /** What went through this node lately, for whoever looks for a document. */
  readonly sightings: Sightings
  /** What has just become durable. */
  readonly news: News
}

export function createContext(parts: {
  config: NodeConfig
  host: RelayHost
  directory: Pick<CurrentDirectory, 'directory' | 'registry' | 'table'>
  store: Store
  instance: string
}): NodeContext {
  const { config, host, directory } = parts
  const counters = createCounters()
  const log: RelayHost['log'] = (level, message, fields = {}) =>
    host.log(level, message, { node: config.id, ...fields })
  return {
    config,
    get table() {
      return directory.table()
    },
    get directory() {
      return directory.directory
    },
    store: parts.store,
    budgetBytes: config.limits.inFlightBytes / (host.nodes ?? 1),
    instance: parts.instance,
    now: () => Date.now(),
    signatures: openSignatureGate({
      rules: config.signatures,
      certificates: () => directory.registry,
      payloads: parts.store.payloads,
      log,
      now: () => Date.now(),
    }),
    checkSeal: createVerifier((kid) => {
      const answer = findKey(directory.registry, kid, Date.now())
      if (!answer.found) throw new RelayError(answer.code, { detail: answer.detail })
      return answer.key
    }),
    log,
    counters,
    sightings: createSightings({ documents: rememberedDocuments(host.nodes ?? 1), now: () => Date.now() }),
    news: createNews((error) => log('error', 'a watcher failed', { detail: { error: String(error) } })),
    observe(event) {
      counters.observe(event)
      host.observe?.(event)
    },
  }
}
