/**
 * Lays out a federation on brokers that run: keys, directory, one configuration per node, as objects for nodes in
 * this process and as the files an administrator would write for nodes of their own.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Directory, defaultQueryTiming, type NodeId, type OrganId, type QueryTiming } from '@lienthong/core'
import { createSealingKey, type SealingKey, sealingKeyToPem } from '@lienthong/link'
import type { NodeConfig, NodeLimits } from '@lienthong/relay'
import type { Broker } from './broker.ts'

export interface TreeNode {
  readonly id: NodeId
  /** A word for people. */
  readonly tier: string
  readonly parent: NodeId | null
  /** Name of its unit. */
  readonly name: string
  /** Further organisations it serves, beside its own unit. */
  readonly organisations?: readonly { readonly id: OrganId; readonly name: string }[]
}

export interface FederationOptions {
  /** Folder for stores, keys and configurations. */
  readonly dir: string
  readonly tree: readonly TreeNode[]
  /** The broker of a node; several may share one, each in its own vhost. */
  readonly brokerOf: (node: NodeId) => Pick<Broker, 'amqpUrl' | 'managementUrl' | 'user' | 'password'>
  /** Address of the parent's broker as seen by this child, when it goes through a proxy. @default the broker's own */
  readonly uplinkOf?: (child: NodeId) => string | undefined
  /** Name of a node's vhost, for brokers that others use too. @default the node's id */
  readonly vhostOf?: (node: NodeId) => string
  /** The same for all, or of each. */
  readonly limits?: Partial<NodeLimits> | ((node: NodeId) => Partial<NodeLimits>)
  /** The gateway of a node that runs as a process of its own. @default none */
  readonly httpOf?: (node: NodeId) => PlannedHttp | undefined
  readonly queryTiming?: QueryTiming
  /** Of the nodes' log; `debug` shows every step of every document, which costs a busy node half its speed. @default 'debug' */
  readonly logLevel?: 'info' | 'debug'
}

export interface PlannedHttp {
  /** On 127.0.0.1. */
  readonly port: number
  /** Calls over REST a minute and system. @default the program's */
  readonly ratePerMinute?: number
}

export interface PlannedNode {
  readonly id: NodeId
  readonly tier: string
  readonly parent: NodeId | null
  readonly organisations: readonly OrganId[]
  readonly config: NodeConfig
  /** null: no gateway. */
  readonly http: PlannedHttp | null
  /** Path of node.yaml; written by `writeFiles`. */
  readonly configFile: string
}

export interface Federation {
  readonly directory: Directory
  readonly nodes: readonly PlannedNode[]
  node(id: NodeId): PlannedNode
  /** The node that serves an organisation. */
  serving(organ: OrganId): PlannedNode
  /** Writes node.yaml, key and secrets of every node, mode 0600. */
  writeFiles(): void
}

const mebibyte = 1024 * 1024
export const defaultLimits: NodeLimits = {
  linkQueueBytes: 1024 * mebibyte,
  spoolBytes: 4096 * mebibyte,
  maxDocumentBytes: 2048 * mebibyte,
  inFlightBytes: 64 * mebibyte,
  openAssemblies: 256,
}

/** The directory of a node that has it from a file. */
export function publishedOf({ id, directory }: NodeConfig): Directory {
  if ('living' in directory) throw new Error(`the directory of ${id} is kept by the node`)
  return directory
}

export function planFederation(options: FederationOptions): Federation {
  const { tree, dir } = options
  const keys = new Map(tree.map(({ id }) => [id, createSealingKey(id, 1)]))
  const directory = directoryOf(tree, keys)
  const accounts = new Map(tree.map(({ id }) => [id, secret()]))
  const nodes = tree.map((node): PlannedNode => {
    const own = options.brokerOf(node.id)
    const organisations = [node.id, ...(node.organisations ?? []).map(({ id }) => id)]
    const config: NodeConfig = {
      id: node.id,
      dataDir: join(dir, node.id, 'data'),
      key: keys.get(node.id) as SealingKey,
      directory,
      tableVersion: 1,
      broker: {
        address: { url: own.amqpUrl, vhost: vhostOf(options, node.id), user: own.user, password: own.password },
        managementUrl: own.managementUrl,
      },
      parent: node.parent === null ? null : parentOf(options, node.id, node.parent, accounts.get(node.id) ?? ''),
      children: tree
        .filter(({ parent }) => parent === node.id)
        .map(({ id }) => ({ id, password: accounts.get(id) ?? '' })),
      systems: organisations.map((organ) => ({ id: `dms.${organ}`, secret: secret(), organisations: [organ] })),
      limits: { ...defaultLimits, ...limitsOf(options, node.id) },
      queryTiming: options.queryTiming ?? defaultQueryTiming,
      onReusedId: 'refuse',
      signatures: { policy: 'ignore', organisations: {} },
    }
    return {
      id: node.id,
      tier: node.tier,
      parent: node.parent,
      organisations,
      config,
      http: options.httpOf?.(node.id) ?? null,
      configFile: join(dir, node.id, 'node.yaml'),
    }
  })
  const byId = new Map(nodes.map((node) => [node.id, node]))
  function node(id: NodeId): PlannedNode {
    const found = byId.get(id)
    if (found === undefined) throw new Error(`no node ${id} in this federation`)
    return found
  }
  return {
    directory,
    nodes,
    node,
    serving: (organ) => node(directory.organisations.find(({ id }) => id === organ)?.node ?? ''),
    writeFiles() {
      const directoryFile = join(dir, 'directory.json')
      mkdirSync(dir, { recursive: true, mode: 0o700 })
      writeFileSync(directoryFile, JSON.stringify(directory, null, 2), { mode: 0o600 })
      for (const planned of nodes) writeNode(planned, directoryFile, options.logLevel ?? 'debug')
    },
  }
}

function parentOf(options: FederationOptions, child: NodeId, parent: NodeId, password: string): NodeConfig['parent'] {
  const url = options.uplinkOf?.(child) ?? options.brokerOf(parent).amqpUrl
  return { id: parent, address: { url, vhost: vhostOf(options, parent), user: child, password } }
}

function limitsOf({ limits = {} }: FederationOptions, node: NodeId): Partial<NodeLimits> {
  return typeof limits === 'function' ? limits(node) : limits
}

function vhostOf(options: FederationOptions, node: NodeId): string {
  return options.vhostOf?.(node) ?? node
}

function directoryOf(tree: readonly TreeNode[], keys: ReadonlyMap<NodeId, SealingKey>): Directory {
  return {
    version: 1,
    nodes: tree.map(({ id, tier, parent }) => {
      const key = keys.get(id) as SealingKey
      return { id, tier, parent, keys: [{ kid: key.kid, publicKey: key.publicKey }] }
    }),
    organisations: tree.flatMap((node) => [
      { id: node.id, name: node.name, parent: node.parent, node: node.id },
      ...(node.organisations ?? []).map(({ id, name }) => ({ id, name, parent: node.id, node: node.id })),
    ]),
  }
}

function writeNode({ config, http, configFile }: PlannedNode, directoryFile: string, logLevel: string): void {
  const folder = join(configFile, '..')
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  function secretFile(name: string, text: string): { file: string } {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return { file: name }
  }
  const { broker, parent, limits, queryTiming } = config
  secretFile('key.pem', sealingKeyToPem(config.key))
  const yaml = {
    id: config.id,
    data: 'data',
    key: 'key.pem',
    directory: directoryFile,
    tableVersion: config.tableVersion,
    broker: {
      url: broker.address.url,
      vhost: broker.address.vhost,
      user: broker.address.user,
      password: secretFile('broker.secret', broker.address.password),
      management: broker.managementUrl,
    },
    parent:
      parent === null
        ? null
        : {
            id: parent.id,
            url: parent.address.url,
            vhost: parent.address.vhost,
            password: secretFile('parent.secret', parent.address.password),
          },
    children: config.children.map(({ id, password }) => ({ id, password: secretFile(`child-${id}.secret`, password) })),
    systems: config.systems.map(({ id, secret: text, organisations }) => ({
      id,
      secret: secretFile(`system-${id}.secret`, text),
      organisations,
    })),
    ...(http === null ? {} : { http: { listen: `127.0.0.1:${http.port}` } }),
    ...(http?.ratePerMinute === undefined ? {} : { rest: { ratePerMinute: http.ratePerMinute } }),
    limits: {
      maxDocument: limits.maxDocumentBytes,
      inFlight: limits.inFlightBytes,
      openAssemblies: limits.openAssemblies,
      linkQueue: limits.linkQueueBytes,
      spool: limits.spoolBytes,
    },
    custody: { firstQuery: `${queryTiming.firstMs}ms`, maxQuery: `${queryTiming.maxMs}ms` },
    log: { format: 'json', level: logLevel },
  }
  // JSON is YAML.
  writeFileSync(configFile, JSON.stringify(yaml, null, 2), { mode: 0o600 })
}

function secret(): string {
  return randomBytes(18).toString('base64url')
}
