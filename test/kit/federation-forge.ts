/** Segments that no honest node would send: cores said and sealed by anybody, altered at will. */
import { createHash, randomBytes } from 'node:crypto'
import { type Core, maxSegmentBytes, type NodeId, type OrganId, type Path, type Signal } from '@lienthong/core'
import {
  encodeCore,
  encodeFrame,
  encodeSignals,
  nodeOf,
  type SealingKey,
  type Segment,
  seal,
  uidOf,
} from '@lienthong/link'

export interface ForgedDocument {
  readonly from: OrganId
  readonly to: readonly OrganId[]
  /** Who seals. */
  readonly key: SealingKey
  /** @default some random bytes */
  readonly payload?: Uint8Array
  /** Fields of the core as they are sealed. */
  readonly core?: Partial<Core>
  readonly path?: Path
}

/** The key of one node under the name of another, or under a number that nobody has. */
export function keyNamed(kid: string, key: SealingKey): SealingKey {
  return { kid, publicKey: key.publicKey, sign: (bytes) => key.sign(bytes), derive: (purpose) => key.derive(purpose) }
}

/** Every segment of a document. */
export function forgeDocument({
  from,
  to,
  key,
  payload = randomBytes(200),
  core = {},
  path = [],
}: ForgedDocument): Segment[] {
  return sealed({ kind: 'document', from, recipients: to, ...core }, { key, payload, path })
}

/** Signals as one segment; `from` is the node that the kid names unless the core says otherwise. */
export function forgeSignals(forged: {
  readonly to: NodeId
  readonly key: SealingKey
  readonly signals: readonly Signal[]
  readonly core?: Partial<Core>
}): Segment {
  const { to, key, signals, core = {} } = forged
  const said = { kind: 'signal', from: nodeOf(key.kid), recipients: [to], lane: 'express', ...core } as const
  return sealed(said, { key, payload: encodeSignals(signals), path: [] })[0] as Segment
}

function sealed(
  said: Pick<Core, 'kind' | 'from' | 'recipients'> & Partial<Core>,
  { key, payload, path }: { key: SealingKey; payload: Uint8Array; path: Path },
): Segment[] {
  const named = {
    businessType: 0,
    documentId: randomBytes(8).toString('hex'),
    sha256: createHash('sha256').update(payload).digest('hex'),
    ...said,
  }
  const core: Core = {
    version: 1,
    uid: uidOf(named),
    generation: 1,
    size: payload.length,
    segmentBytes: maxSegmentBytes,
    lane: 'bulk',
    sealedAt: Date.now(),
    directoryVersion: 1,
    ...named,
  }
  const bytes = encodeCore(core)
  const signature = seal(bytes, key)
  const count = Math.max(1, Math.ceil(core.size / core.segmentBytes))
  return Array.from({ length: count }, (_, segment) => ({
    core: bytes,
    seal: signature,
    envelope: { core, origin: nodeOf(key.kid), to: core.recipients.map((_recipient, place) => place), segment, path },
    data: payload.subarray(segment * core.segmentBytes, (segment + 1) * core.segmentBytes),
  }))
}

/** A frame written by hand: each part stands where a segment would, whatever it is. */
export function frameOf(parts: readonly Uint8Array[], version = 1): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(0x82, version),
    head(4, parts.length),
    ...parts.flatMap((part) => [head(2, part.length), part]),
  ])
}

/** A segment as it stands in a frame, without the head that says its length. */
export function segmentBytesOf(segment: Segment): Uint8Array {
  const frame = encodeFrame([segment])
  // A frame of one begins with its version, one array head and the segment's own head.
  return frame.subarray(3 + headLength(frame[3] ?? 0))
}

function head(major: number, value: number): Uint8Array {
  if (value < 24) return Uint8Array.of((major << 5) | value)
  const bytes = value < 0x100 ? 1 : value < 0x10000 ? 2 : 4
  const written = Buffer.alloc(1 + bytes)
  written[0] = (major << 5) | { 1: 24, 2: 25, 4: 26 }[bytes]
  written.writeUIntBE(value, 1, bytes)
  return written
}

function headLength(first: number): number {
  const length = { 24: 2, 25: 3, 26: 5 }[first & 31]
  return length ?? 1
}
