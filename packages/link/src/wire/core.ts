import { hash } from 'node:crypto'

import type { Core, Kind, Lane } from '@lienthong/core'
import { kinds, lanes, maxCoreBytes, maxSegmentBytes, segmentCount } from '@lienthong/core'

import { CborReader, encodeCbor } from './cbor.ts'
import { digest, digestBytes, ids, maxGeneration, sendingItems, sendings, text, uint, writableText } from './fields.ts'
import { handedItems, handedOf } from './handover.ts'
import { maxDocumentIdBytes, maxSegments, wireVersion } from './limits.ts'
import { frameInvalid, versionUnsupported } from './refusal.ts'

/** Keys of the core's map. 15 (`enc`) is reserved for end-to-end encryption. */
const keys = {
  version: 1,
  uid: 2,
  generation: 3,
  kind: 4,
  businessType: 5,
  from: 6,
  documentId: 7,
  recipients: 8,
  size: 9,
  sha256: 10,
  segmentBytes: 11,
  lane: 12,
  sealedAt: 13,
  directoryVersion: 14,
  about: 16,
  handed: 17,
} as const satisfies Record<keyof Core, number>

const maxBusinessType = 0xff

/** No recipient takes fewer than two bytes. */
const maxRecipients = maxCoreBytes / 2

/**
 * The identity of a document: SHA-256, hex, of the canonical CBOR of
 * [kind, businessType, from, documentId, sha256], with the kind as its number on the wire and the
 * digest as 32 bytes. Throws FRAME_INVALID for a digest that is not hex.
 */
export function uidOf(document: Pick<Core, 'kind' | 'businessType' | 'from' | 'documentId' | 'sha256'>): string {
  return hash('sha256', uidInput(document), 'hex')
}

/** The bytes a uid is the digest of. */
export function uidInput(document: Parameters<typeof uidOf>[0]): Uint8Array {
  const { kind, businessType, from, documentId, sha256 } = document
  return encodeCbor([kinds.indexOf(kind), businessType, from, documentId, digestBytes(sha256, 'core.sha256')])
}

/**
 * The core's bytes, deterministic: equal cores give equal bytes. Throws FRAME_INVALID for whatever
 * `decodeCore` would refuse, so that nothing is sealed that nobody can read.
 */
export function encodeCore(core: Core): Uint8Array {
  for (const value of [core.from, core.documentId, ...core.recipients]) writableText(value, 'core')
  const bytes = encodeCbor(
    new Map<number, unknown>([
      [keys.version, core.version],
      [keys.uid, digestBytes(core.uid, 'core.uid')],
      [keys.generation, core.generation],
      [keys.kind, kinds.indexOf(core.kind)],
      [keys.businessType, core.businessType],
      [keys.from, core.from],
      [keys.documentId, core.documentId],
      [keys.recipients, core.recipients],
      [keys.size, core.size],
      [keys.sha256, digestBytes(core.sha256, 'core.sha256')],
      [keys.segmentBytes, core.segmentBytes],
      [keys.lane, lanes.indexOf(core.lane)],
      [keys.sealedAt, core.sealedAt],
      [keys.directoryVersion, core.directoryVersion],
      ...(core.about === undefined || core.about.length === 0
        ? []
        : [[keys.about, sendingItems(core.about, 'core.about')] as const]),
      ...(core.handed === undefined ? [] : [[keys.handed, handedItems(core.handed)] as const]),
    ]),
  )
  decodeCore(bytes)
  return bytes
}

/**
 * Reads a core and checks everything that can be checked without keys or directory: limits, the uid,
 * different recipients, and that an express core has one segment. Unknown keys are ignored (the bytes
 * travel on). Throws FRAME_INVALID, or VERSION_UNSUPPORTED for another major version.
 */
export function decodeCore(bytes: Uint8Array): Core {
  if (bytes.length > maxCoreBytes) throw frameInvalid('core', `is longer than ${maxCoreBytes} bytes`)
  const map = readFields(bytes)
  const core: Core = {
    version: wireVersion,
    uid: digest(map.get(keys.uid), 'core.uid'),
    generation: uint(map.get(keys.generation), 'core.generation', maxGeneration, 1),
    kind: kinds[uint(map.get(keys.kind), 'core.kind', kinds.length - 1)] as Kind,
    businessType: uint(map.get(keys.businessType), 'core.businessType', maxBusinessType),
    from: text(map.get(keys.from), 'core.from'),
    documentId: text(map.get(keys.documentId), 'core.documentId', maxDocumentIdBytes),
    recipients: ids(map.get(keys.recipients), 'core.recipients', maxRecipients),
    size: uint(map.get(keys.size), 'core.size'),
    sha256: digest(map.get(keys.sha256), 'core.sha256'),
    segmentBytes: uint(map.get(keys.segmentBytes), 'core.segmentBytes', maxSegmentBytes, 1),
    lane: lanes[uint(map.get(keys.lane), 'core.lane', lanes.length - 1)] as Lane,
    sealedAt: uint(map.get(keys.sealedAt), 'core.sealedAt'),
    directoryVersion: uint(map.get(keys.directoryVersion), 'core.directoryVersion'),
    ...(map.has(keys.about) && { about: sendings(map.get(keys.about), 'core.about') }),
    ...(map.has(keys.handed) && { handed: handedOf(map.get(keys.handed)) }),
  }
  const segments = segmentCount(core.size, core.segmentBytes)
  if (segments > maxSegments) throw frameInvalid('core.size', `needs more than ${maxSegments} segments`)
  if (core.lane === 'express' && segments > 1) throw frameInvalid('core.lane', 'is express with several segments')
  // A uid that its sender could choose would let it claim another's assembly or uniqueness row.
  if (core.uid !== uidOf(core)) throw frameInvalid('core.uid', 'is not that of this document')
  return core
}

/**
 * The pairs of the map, keys ascending. The first pair is the version, which is judged before anything
 * else is read: a later major may look different after it.
 */
function readFields(bytes: Uint8Array): ReadonlyMap<number, unknown> {
  const reader = new CborReader(bytes, 'core')
  const fields = new Map<number, unknown>()
  let last = -1
  for (let left = reader.open('map'); left > 0; left--) {
    const key = reader.next()
    if (typeof key !== 'number' || key <= last) throw frameInvalid('core', 'has keys that are not ascending integers')
    if (fields.size === 0 && key !== keys.version) throw frameInvalid('core', 'does not begin with its version')
    const value = reader.next()
    if (key === keys.version) {
      const version = uint(value, 'core.version')
      if (version !== wireVersion) throw versionUnsupported('core', version)
    }
    fields.set(key, value)
    last = key
  }
  reader.end()
  return fields
}
