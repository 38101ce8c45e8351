import { createHash } from 'node:crypto'
import type { Core, OrganId } from '@lienthong/core'
import { createSealingKey, encodeCore, type Segment, seal, uidOf } from '@lienthong/link'

export const segmentKey = createSealingKey('H29', 1)

/** The only segment of a document of H29 whose id is the number. */
export function segmentOf(number: number, data: number | Uint8Array, to: OrganId = 'H26'): Segment {
  const bytes = typeof data === 'number' ? new Uint8Array(data) : data
  const named = {
    kind: 'document',
    businessType: 0,
    from: 'H29',
    documentId: String(number),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  } as const
  const core: Core = {
    ...named,
    version: 1,
    uid: uidOf(named),
    generation: 1,
    recipients: [to],
    size: bytes.length,
    segmentBytes: 256 * 1024,
    lane: 'bulk',
    sealedAt: 1,
    directoryVersion: 1,
  }
  const encoded = encodeCore(core)
  return {
    core: encoded,
    seal: seal(encoded, segmentKey),
    envelope: { core, origin: 'H29', to: [0], segment: 0, path: [] },
    data: bytes,
  }
}
