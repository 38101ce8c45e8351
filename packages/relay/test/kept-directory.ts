/** A keeper of the directory of H29, between G22 above it and H29.18 below, with neighbours that say what the test makes them say. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  type AnnouncedChild,
  type Announcement,
  type Declared,
  type Directory,
  keyStatement,
  type NodeId,
  type NodeKey,
  type SignedAnnouncement,
} from '@lienthong/core'
import {
  batchesOf,
  createSealingKey,
  type DirectoryMessage,
  decodeDirectoryMessage,
  encodeDirectoryMessage,
  openBatch,
  type SealingKey,
  type SendOutcome,
  sealAnnouncement,
} from '@lienthong/link'
import type { NodeContext } from '../src/context.ts'
import type { NodeConfig } from '../src/contract.ts'
import { type DirectoryBook, openBook } from '../src/directory-book.ts'
import { administrationDoor } from '../src/directory-doors.ts'
import { type DirectoryKeeper, openKeeper } from '../src/directory-keeper.ts'
import type { LivingDirectory, LivingParts } from '../src/living.ts'
import { type ANode, aNode, nodeKey } from './a-node.ts'

export const centreKey = createSealingKey('G22', 1)
export const districtKey = createSealingKey('H29.18', 1)
export const siblingKey = createSealingKey('H26', 1)
export const living: LivingDirectory = {
  living: true,
  roots: [{ kid: centreKey.kid, publicKey: centreKey.publicKey }],
}
export const alone: Directory = {
  version: 1,
  nodes: [{ id: 'H29', tier: '', parent: null, keys: [] }],
  organisations: [],
}

export function entryOf(key: SealingKey, signers: readonly SealingKey[], replaces?: string): NodeKey {
  const plain = { kid: key.kid, publicKey: key.publicKey, ...(replaces === undefined ? {} : { replaces }) }
  const statement = keyStatement(plain)
  assert.ok(statement !== null)
  const vouchers = signers.map((signer) => ({
    by: signer.kid,
    signature: Buffer.from(signer.sign(statement)).toString('base64url'),
  }))
  return { ...plain, vouchers }
}

export function childOf(id: NodeId, keys: readonly NodeKey[], delegates = [id]): AnnouncedChild {
  return { id, tier: '', keys, delegates }
}

export function say(key: SealingKey, words: Partial<Announcement> & Pick<Announcement, 'node'>): SignedAnnouncement {
  const usual = {
    parent: 'G22',
    epoch: 1,
    version: 1,
    issuedAt: 0,
    tier: '',
    keys: [],
    children: [],
    organisations: [],
  }
  return sealAnnouncement({ ...usual, groups: {}, revocations: [], attests: [], ...words }, key)
}

export const organs = (...ids: readonly string[]) => ids.map((id) => ({ id, name: id, parent: null }))

export const centre = (words: Partial<Announcement> = {}) =>
  say(centreKey, {
    node: 'G22',
    parent: null,
    keys: [{ kid: centreKey.kid, publicKey: centreKey.publicKey }],
    children: [childOf('H29', [entryOf(nodeKey, [centreKey])]), childOf('H26', [entryOf(siblingKey, [centreKey])])],
    organisations: organs('G22'),
    ...words,
  })
export const sibling = (words: Partial<Announcement> = {}) =>
  say(siblingKey, { node: 'H26', organisations: organs('H26'), ...words })

export interface Kept {
  readonly node: ANode
  readonly book: DirectoryBook
  readonly keeper: DirectoryKeeper
  readonly said: { readonly code: string | undefined; readonly detail: Readonly<Record<string, unknown>> }[]
  readonly sent: { readonly to: NodeId; readonly message: DirectoryMessage }[]
  /** Children that have left, and by which key. */
  readonly left: readonly string[]
  hear(from: NodeId, ...messages: readonly DirectoryMessage[]): void
  /** Announcements arrive from a neighbour; resolves when they are judged and routed by. */
  bring(from: NodeId, ...all: readonly SignedAnnouncement[]): Promise<void>
  linked(neighbour: NodeId): void
  /** Announcements sent to this neighbour, by node and version. */
  given(to: NodeId): readonly string[]
  declare(content: Partial<Declared>): Promise<unknown>
}

export async function keep(
  t: TestContext,
  options: { outcome?: () => SendOutcome; node?: ANode; key?: SealingKey } = {},
): Promise<Kept> {
  const node = options.node ?? (await aNode(t, alone))
  const said: Kept['said'] = []
  const sent: Kept['sent'] = []
  const left: string[] = []
  const key = options.key ?? nodeKey
  const config = { ...node.context.config, directory: living, key } as NodeConfig
  const context = Object.create(node.context, {
    config: { value: config },
    now: { value: () => node.clock.now },
    log: {
      value: (_: string, __: string, { code, detail = {} }: { code?: string; detail?: object } = {}) =>
        said.push({ code, detail: { ...detail } }),
    },
  }) as NodeContext
  const listeners: Parameters<LivingParts['onDirectoryMessage']>[0][] = []
  const watchers: Parameters<LivingParts['onLink']>[0][] = []
  const parts: LivingParts = {
    async changeDirectory(view) {
      node.directory.prepare(view).commit()
    },
    changeChildren: async () => null,
    changeParent: async () => undefined,
    neighbours: { parent: 'G22', children: ['H29.18'] },
    async sendToNeighbour(to, body) {
      const message = decodeDirectoryMessage(Uint8Array.from(body))
      assert.ok(message !== null)
      sent.push({ to, message })
      return options.outcome?.() ?? 'confirmed'
    },
    onDirectoryMessage: (listener) => (listeners.push(listener), () => undefined),
    onLink: (listener) => (watchers.push(listener), () => undefined),
  }
  const book = openBook(config, living, { loaded: await node.store.directory.load(), at: node.clock.now })
  const keeper = await openKeeper(context, {
    ...{ book, living: parts, directory: living, parent: 'G22' },
    onLeft: (child, kid) => left.push(`${child} ${kid}`),
  })
  t.after(() => keeper.stop())
  const hear = (from: NodeId, ...messages: readonly DirectoryMessage[]) => {
    for (const message of messages) for (const listener of listeners) listener(from, encodeDirectoryMessage(message))
  }
  const door = administrationDoor(context, { book, keeper, keepOnly: async () => undefined })
  return {
    node,
    book,
    keeper,
    said,
    sent,
    left,
    hear,
    async bring(from, ...all) {
      for (const pieces of batchesOf(all)) hear(from, ...pieces)
      await keeper.settled()
    },
    linked: (neighbour) => watchers.forEach((watcher) => watcher(neighbour, true)),
    given: (to) =>
      sent.flatMap(({ to: neighbour, message }) =>
        neighbour === to && message.type === 'piece' && message.count === 1
          ? openBatch(message.bytes).announcements.map(
              ({ announcement: { node: about, version } }) => `${about} ${version}`,
            )
          : [],
      ),
    async declare(content) {
      const { epoch, version, content: now } = await door.current()
      return await door.apply({ base: { epoch, version }, content: { ...now, ...content }, by: 'x', reason: '' })
    },
  }
}
