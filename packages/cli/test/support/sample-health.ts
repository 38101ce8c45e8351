/** A node at which nothing is wrong, for tests to make worse. */
import type { LinkView, NodeHealth } from '@lienthong/relay'

export const at = 1_750_000_000_000
export const day = 86_400_000

export const up: LinkView = {
  neighbour: 'G22',
  direction: 'up',
  place: 'amqps://mq.g22.example:5671',
  phase: 'open',
  reasons: [],
  since: at - 1000,
  canaryMs: 12,
  peer: { instance: 'ab', versions: [1], tableVersion: 4 },
  order: null,
  copies: 0,
  oldestAt: null,
  queued: null,
}
export const down: LinkView = { ...up, neighbour: 'H29.18', direction: 'down' }

export const sampleHealth: NodeHealth = {
  id: 'H29',
  tier: 'tỉnh',
  instance: 'i',
  tableVersion: 4,
  directoryVersion: 3,
  broker: { open: true, blocked: null, lastError: null },
  link: null,
  backlog: { documents: 0, copies: 0 },
  openAssemblies: 0,
  at,
  links: [up, down],
  oldestDocumentAt: at - 60_000,
  waiting: { document: 0, status: 0 },
  handover: 0,
  deadLetters: 0,
  databaseBytes: 4096,
  disk: { path: '/data', freeBytes: 600, totalBytes: 1000 },
  keys: [
    { name: 'H29#2', endsAt: at + 100 * day, inUse: true },
    { name: 'H29#1', endsAt: at + day, inUse: false },
  ],
  certificates: [{ name: 'H29.02 abcd', endsAt: null }],
  directories: null,
}
