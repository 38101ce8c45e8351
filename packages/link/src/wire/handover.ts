/**
 * Rows of mailboxes on their way to the node that keeps them now: a few in the core whose payload they share, or many
 * without payload as one payload of their own.
 */
import type { Chosen, HandedRow, HandedTombstone } from '@lienthong/core'
import {
  maxAbout,
  maxRowsWithPayload,
  maxSegmentBytes,
  packetKinds,
  recallEffects,
  transportStates,
} from '@lienthong/core'

import { decodeCbor, encodeCbor } from './cbor.ts'
import {
  digest,
  digestBytes,
  intMap,
  list,
  maxGeneration,
  path,
  pathItems,
  sendingItems,
  sendings,
  text,
  uint,
  writableText,
} from './fields.ts'
import { maxDocumentIdBytes, wireVersion } from './limits.ts'
import { frameInvalid, versionUnsupported } from './refusal.ts'

const keys = {
  organ: 1,
  uid: 2,
  generation: 3,
  kind: 4,
  businessType: 5,
  from: 6,
  origin: 7,
  documentId: 8,
  size: 9,
  sha256: 10,
  sealedAt: 11,
  deliveredAt: 12,
  collectedAt: 13,
  noted: 14,
  path: 15,
  state: 16,
  stateReason: 17,
  withdrawnAt: 18,
  effects: 19,
  about: 20,
  unit: 21,
  chosen: 22,
} as const satisfies Record<keyof HandedRow, number>

const maxBusinessType = 0xff
const maxReasonBytes = 2_048
/** Rows of mailboxes without payload, and what is never to get into them. */
export interface HandedList {
  readonly rows: readonly HandedRow[]
  readonly tombstones: readonly HandedTombstone[]
}

/** No row takes fewer bytes. */
const leastRowBytes = 100

/** Throws FRAME_INVALID for rows that do not fit one segment, and for what `decodeHandover` would refuse. */
export function encodeHandover({ rows, tombstones }: HandedList): Uint8Array {
  const encoded = encodeCbor([wireVersion, rows.map(rowItem), tombstones.map(tombstoneItem)])
  decodeHandover(encoded)
  return encoded
}

/** The rows of a handover whose core names none. Throws FRAME_INVALID, VERSION_UNSUPPORTED. */
export function decodeHandover(encoded: Uint8Array): HandedList {
  if (encoded.length > maxSegmentBytes) throw frameInvalid('handover', `is longer than ${maxSegmentBytes} bytes`)
  const [version, rows, tombstones] = list(decodeCbor(encoded, 'handover'), 'handover', 3, 3)
  if (version !== wireVersion) throw versionUnsupported('handover', uint(version, 'handover.version'))
  const all = (value: unknown) => list(value, 'handover', maxSegmentBytes / leastRowBytes)
  return { rows: all(rows).map(rowOf), tombstones: all(tombstones).map(tombstoneOf) }
}

/** The rows in a core. */
export function handedItems(rows: readonly HandedRow[]): readonly unknown[] {
  return rows.map(rowItem)
}

export function handedOf(value: unknown): readonly HandedRow[] {
  return list(value, 'core.handed', maxRowsWithPayload, 1).map(rowOf)
}

function rowItem(row: HandedRow): ReadonlyMap<number, unknown> {
  const plain = (value: string) => writableText(value, 'handover.row')
  const entries: readonly (readonly [number, unknown])[] = [
    [keys.organ, plain(row.organ)],
    [keys.uid, digestBytes(row.uid, 'handover.uid')],
    [keys.generation, row.generation],
    [keys.kind, packetKinds.indexOf(row.kind)],
    [keys.businessType, row.businessType],
    [keys.from, plain(row.from)],
    [keys.origin, plain(row.origin)],
    [keys.documentId, plain(row.documentId)],
    [keys.size, row.size],
    [keys.sha256, digestBytes(row.sha256, 'handover.sha256')],
    [keys.sealedAt, row.sealedAt],
    [keys.deliveredAt, row.deliveredAt],
    [keys.collectedAt, row.collectedAt],
    [keys.noted, row.noted],
    [keys.path, pathItems(row.path)],
    [keys.state, transportStates.indexOf(row.state)],
    [keys.stateReason, row.stateReason === null || row.stateReason === '' ? null : plain(row.stateReason)],
    [keys.withdrawnAt, row.withdrawnAt],
    [keys.effects, row.effects === undefined ? null : row.effects.map((effect) => recallEffects.indexOf(effect))],
  ]
  // Of few rows, and unknown to who read the others first.
  const { about, unit, chosen } = row
  const rare: readonly (readonly [number, unknown])[] = [
    ...(about === undefined ? [] : [[keys.about, sendingItems(about, 'handover.about')] as const]),
    ...(unit === undefined ? [] : [[keys.unit, plain(unit)] as const]),
    ...(chosen === undefined ? [] : [[keys.chosen, [plain(chosen.heir), chosen.byHand]] as const]),
  ]
  return new Map([...entries, ...rare])
}

function rowOf(value: unknown): HandedRow {
  const what = 'handover.row'
  const map = intMap(value, what)
  const at = (field: keyof typeof keys) => map.get(keys[field])
  const oneOf = <Word>(words: readonly Word[], field: keyof typeof keys): Word =>
    words[uint(at(field), what, words.length - 1)] as Word
  const noted = at('noted')
  if (typeof noted !== 'boolean') throw frameInvalid(what, 'does not say whether its origin knows')
  return {
    organ: text(at('organ'), what),
    uid: digest(at('uid'), what),
    generation: uint(at('generation'), what, maxGeneration, 1),
    kind: oneOf(packetKinds, 'kind'),
    businessType: uint(at('businessType'), what, maxBusinessType),
    from: text(at('from'), what),
    origin: text(at('origin'), what),
    documentId: text(at('documentId'), what, maxDocumentIdBytes),
    size: uint(at('size'), what),
    sha256: digest(at('sha256'), what),
    sealedAt: uint(at('sealedAt'), what),
    deliveredAt: uint(at('deliveredAt'), what),
    collectedAt: at('collectedAt') === null ? null : uint(at('collectedAt'), what),
    withdrawnAt: at('withdrawnAt') === null ? null : uint(at('withdrawnAt'), what),
    ...(at('effects') !== null && { effects: effectsOf(at('effects')) }),
    ...(map.has(keys.about) && { about: sendings(at('about'), 'handover.about') }),
    ...(map.has(keys.unit) && { unit: text(at('unit'), what) }),
    ...(map.has(keys.chosen) && { chosen: chosenOf(at('chosen')) }),
    noted,
    path: path(at('path'), what),
    state: oneOf(transportStates, 'state'),
    stateReason: at('stateReason') === null ? null : text(at('stateReason'), what, maxReasonBytes),
  }
}

function chosenOf(value: unknown): Chosen {
  const [heir, byHand] = list(value, 'handover.chosen', 2, 2)
  if (typeof byHand !== 'boolean') throw frameInvalid('handover.chosen', 'does not say whether by hand')
  return { heir: text(heir, 'handover.chosen'), byHand }
}

function effectsOf(value: unknown): NonNullable<HandedRow['effects']> {
  return list(value, 'handover.effects', maxAbout).map((effect) => {
    const known = recallEffects[uint(effect, 'handover.effects', recallEffects.length - 1)]
    return known ?? 'asked'
  })
}

function tombstoneItem({ uid, organ, generation, from, origin, at }: HandedTombstone): readonly unknown[] {
  const plain = (value: string) => writableText(value, 'handover.tombstone')
  return [digestBytes(uid, 'handover.tombstone'), plain(organ), generation, plain(from), plain(origin), at]
}

function tombstoneOf(value: unknown): HandedTombstone {
  const what = 'handover.tombstone'
  const [uid, organ, generation, from, origin, at] = list(value, what, 6, 6)
  return {
    uid: digest(uid, what),
    organ: text(organ, what),
    generation: uint(generation, what, maxGeneration, 1),
    from: text(from, what),
    origin: text(origin, what),
    at: uint(at, what),
  }
}
