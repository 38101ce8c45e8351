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

export function nodeDouble(parts: Partial<Pick<RelayNode, 'submit' | 'mailbox' | 'track' | 'status'>>): RelayNode {
  return {
    id: 'H29',
    table: compileTable('H29', directory, 1, 0),
    directory,
    submit: unexpected,
    mailbox: { list: unexpected, read: unexpected, acknowledge: unexpected },
    track: unexpected,
    status: unexpected,
    stop: async () => undefined,
    ...parts,
  }
}
