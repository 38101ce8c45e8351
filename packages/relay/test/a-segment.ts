import type { Core } from '@lienthong/core'
import { createSealingKey, encodeCore, type Segment, seal, uidOf } from '@lienthong/link'

const key = createSealingKey('H29', 1)

/** The only segment of a document whose id is the number. */
export function segmentOf(number: number, bytes: number): Segment {
  const named = {
    kind: 'document',
    businessType: 0,
    from: 'H29',
    documentId: String(number),
    sha256: '00'.repeat(32),
  } as const
  const core: Core = {
    ...named,
    version: 1,
    uid: uidOf(named),
    generation: 1,
    recipients: ['H26'],
    size: bytes,
    segmentBytes: 256 * 1024,
    lane: 'bulk',
    sealedAt: 1,
    directoryVersion: 1,
  }
  const encoded = encodeCore(core)
  return {
    core: encoded,
    seal: seal(encoded, key),
    envelope: { core, origin: 'H29', to: [0], segment: 0, path: [] },
    data: new Uint8Array(bytes),
  }
}
