/** What neighbours say to each other about the directory: bodies of `lt.directory`. */
import { createHash } from 'node:crypto'
import type { AnnouncementVersion, NodeId, SignedAnnouncement } from '@lienthong/core'
import { maxFrameBytes } from '@lienthong/core'
import { decodeCbor, encodeCbor } from './cbor.ts'
import { bytes, digest, digestBytes, ids, list, text, uint, writableText } from './fields.ts'
import { maxPieceBytes, wireVersion } from './limits.ts'
import { frameInvalid, versionUnsupported } from './refusal.ts'

/** Entries in one list or offer, at most: with the longest ids they fit a message. */
export const maxDirectoryEntries = 3_000

/** Bytes of an announcement's digest that stand for it. */
const markBytes = 8

/** One announcement as it is named. */
export interface DirectoryEntry extends AnnouncementVersion {
  readonly node: NodeId
  /** First 8 bytes of the digest, hex. */
  readonly mark: string
}

export type DirectoryMessage =
  /** What I hold, in one number: nothing needs to be said when yours is the same. */
  | { readonly type: 'have'; readonly digest: string; readonly count: number }
  /** All I hold of nodes from `from` (null: the first) up to `to`, that one left out (null: the last). */
  | {
      readonly type: 'list'
      readonly from: NodeId | null
      readonly to: NodeId | null
      readonly entries: readonly DirectoryEntry[]
    }
  /** Some that I hold. */
  | { readonly type: 'offer'; readonly entries: readonly DirectoryEntry[] }
  | { readonly type: 'want'; readonly nodes: readonly NodeId[] }
  /** A part of a batch of announcements (`announcement-batch.ts`). */
  | {
      readonly type: 'piece'
      /** Random, 16 hex digits. */
      readonly batch: string
      readonly index: number
      readonly count: number
      readonly bytes: Uint8Array
    }

const types = ['have', 'list', 'offer', 'want', 'piece'] as const

export function encodeDirectoryMessage(message: DirectoryMessage): Uint8Array {
  const encoded = encodeCbor([wireVersion, types.indexOf(message.type), ...partsOf(message)])
  if (encoded.length > maxFrameBytes) throw frameInvalid('directory', `is longer than ${maxFrameBytes} bytes`)
  return encoded
}

/** null for a type that this version does not know. Throws FRAME_INVALID, VERSION_UNSUPPORTED. */
export function decodeDirectoryMessage(encoded: Uint8Array): DirectoryMessage | null {
  const [version, type, ...parts] = list(
    decodeCbor(bytes(encoded, 'directory', maxFrameBytes), 'directory'),
    'directory',
    8,
    2,
  )
  const major = uint(version, 'directory.version')
  if (major !== wireVersion) throw versionUnsupported('directory', major)
  const name = types[uint(type, 'directory.type')]
  return name === undefined ? null : readers[name](parts)
}

/** How an announcement is named in lists. */
export function directoryEntryOf({ announcement, digest: whole }: SignedAnnouncement): DirectoryEntry {
  const { node, epoch, version } = announcement
  return { node, epoch, version, mark: whole.slice(0, markBytes * 2) }
}

/** SHA-256 over the entries, which stand in ascending order of their nodes' UTF-16 units. */
export function directoryDigest(entries: readonly DirectoryEntry[]): string {
  const hash = createHash('sha256')
  for (const entry of entries) hash.update(encodeCbor(itemOf(entry)))
  return hash.digest('hex')
}

function partsOf(message: DirectoryMessage): readonly unknown[] {
  switch (message.type) {
    case 'have':
      return [digestBytes(message.digest, 'directory.digest'), message.count]
    case 'list':
      return [message.from, message.to, message.entries.map(itemOf)]
    case 'offer':
      return [message.entries.map(itemOf)]
    case 'want':
      return [message.nodes.map((node) => writableText(node, 'directory.node'))]
    case 'piece':
      return [new Uint8Array(Buffer.from(message.batch, 'hex')), message.index, message.count, message.bytes]
  }
}

type Readers = {
  readonly [Type in DirectoryMessage['type']]: (
    parts: readonly unknown[],
  ) => Extract<DirectoryMessage, { readonly type: Type }>
}

const readers: Readers = {
  have: (parts) => {
    const [whole, count] = list(parts, 'directory', 2, 2)
    return { type: 'have', digest: digest(whole, 'directory.digest'), count: uint(count, 'directory.count') }
  },
  list: (parts) => {
    const [from, to, entries] = list(parts, 'directory', 3, 3)
    const bound = (value: unknown) => (value === null ? null : text(value, 'directory.node'))
    return { type: 'list', from: bound(from), to: bound(to), entries: entriesOf(entries) }
  },
  offer: (parts) => ({ type: 'offer', entries: entriesOf(list(parts, 'directory', 1, 1)[0]) }),
  want: (parts) => ({
    type: 'want',
    nodes: ids(list(parts, 'directory', 1, 1)[0], 'directory.node', maxDirectoryEntries),
  }),
  piece: (parts) => {
    const [batch, index, count, part] = list(parts, 'directory', 4, 4)
    const pieces = uint(count, 'directory.count', maxPieces, 1)
    return {
      type: 'piece',
      batch: hexOf(batch, 'directory.batch'),
      index: uint(index, 'directory.index', pieces - 1),
      count: pieces,
      bytes: bytes(part, 'directory.bytes', maxPieceBytes),
    }
  },
}

/** A batch of the largest announcement that nothing makes smaller. */
const maxPieces = 128

function itemOf({ node, epoch, version, mark }: DirectoryEntry): readonly unknown[] {
  return [writableText(node, 'directory.node'), epoch, version, new Uint8Array(Buffer.from(mark, 'hex'))]
}

function entriesOf(value: unknown): readonly DirectoryEntry[] {
  return list(value, 'directory.entries', maxDirectoryEntries).map((entry): DirectoryEntry => {
    const [node, epoch, version, mark] = list(entry, 'directory.entry', 4, 4)
    return {
      node: text(node, 'directory.node'),
      epoch: uint(epoch, 'directory.epoch', Number.MAX_SAFE_INTEGER, 1),
      version: uint(version, 'directory.version', Number.MAX_SAFE_INTEGER, 1),
      mark: hexOf(mark, 'directory.mark'),
    }
  })
}

function hexOf(value: unknown, what: string): string {
  const view = bytes(value, what, markBytes)
  if (view.length !== markBytes) throw frameInvalid(what, `is not ${markBytes} bytes`)
  return Buffer.from(view.buffer, view.byteOffset, markBytes).toString('hex')
}
