/** A node without broker or store, for what the control socket does; the node itself is tested with the relay. */
import { compileTable, type Directory } from '@lienthong/core'
import type { RelayNode } from '@lienthong/relay'

export const directory: Directory = {
  version: 3,
  nodes: [
    { id: 'G22', tier: 'a', parent: null, keys: [] },
    { id: 'H29', tier: 'b', parent: 'G22', keys: [] },
  ],
  organisations: [
    { id: 'G22', name: 'Trung ương', parent: null, node: 'G22' },
    { id: 'H29', name: 'Tỉnh', parent: 'G22', node: 'H29' },
    { id: 'H29.02', name: 'Sở', parent: 'H29', node: 'H29', validTo: '2025-06-30', successors: ['H29'] },
  ],
}

function unexpected(): never {
  throw new Error('not part of this test')
}

const nothingElse = {
  at: 0,
  links: [],
  oldestDocumentAt: null,
  waiting: { document: 0, status: 0 },
  handover: 0,
  deadLetters: 0,
  databaseBytes: 0,
  disk: null,
  keys: [],
  certificates: [],
  directories: null,
}

/** Parts of a node, and of its doors, that a test has; calling any other fails it. */
export interface DoubleParts extends Partial<Pick<RelayNode, 'submit' | 'track' | 'status' | 'health'>> {
  readonly mailbox?: Partial<RelayNode['mailbox']>
  readonly systems?: Partial<RelayNode['systems']>
  readonly operators?: Partial<RelayNode['operators']>
  readonly links?: Partial<RelayNode['links']>
  readonly diagnosis?: Partial<RelayNode['diagnosis']>
  readonly bundles?: Partial<RelayNode['bundles']>
  readonly splits?: Partial<RelayNode['splits']>
  readonly sent?: Partial<RelayNode['sent']>
  readonly bridging?: RelayNode['bridging']
  readonly joining?: RelayNode['joining']
}

export function nodeDouble({
  mailbox = {},
  systems = {},
  operators = {},
  links = {},
  diagnosis = {},
  bundles = {},
  splits = {},
  sent = {},
  ...parts
}: DoubleParts): RelayNode {
  const closed = <Door extends object>(open: Partial<Door>): Door =>
    new Proxy(open as Door, { get: (target, name) => Reflect.get(target, name) ?? unexpected })
  return {
    id: 'H29',
    table: compileTable('H29', directory, 1, 0),
    directory,
    administration: null,
    membership: null,
    joining: null,
    bridging: null,
    submit: unexpected,
    mailbox: closed(mailbox),
    sent: closed(sent),
    uploads: closed({}),
    systems: closed(systems),
    operators: closed({ record: async () => undefined, ...operators }),
    links: closed(links),
    diagnosis: closed(diagnosis),
    bundles: closed(bundles),
    splits: closed(splits),
    health: async () => ({ ...(await (parts.status ?? unexpected)()), ...nothingElse }),
    hooks: closed({}),
    living: closed({}),
    watch: unexpected,
    probe: unexpected,
    figures: unexpected,
    traffic: unexpected,
    track: unexpected,
    status: unexpected,
    stop: async () => undefined,
    ...parts,
  }
}
