/**
 * What the wire costs a relay. Run: `npx tsc -b packages/link && node packages/link/dist/bench/wire.bench.js`.
 *
 * "copying" and "bare cborg" read the same frame with the codec's own decoder, which copies byte strings and checks
 * nothing: the first figure is what views save, the second what all checks together cost.
 */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign, verify as verifyRaw } from 'node:crypto'

import type { Core } from '@lienthong/core'
import type { Segment } from '@lienthong/link'
import {
  createSealingKey,
  createVerifier,
  decodeFrame,
  encodeCore,
  encodeFrame,
  seal,
  sealingKeyToPem,
  uidOf,
} from '@lienthong/link'
import { decode } from 'cborg'
import { Bench } from 'tinybench'

const key = createSealingKey('H29.18', 1)

function segment(size: number, at: number): Segment {
  const data = randomBytes(size)
  const identity = {
    kind: 'document',
    businessType: 0,
    from: 'H29.18.05',
    documentId: `H29.18.05,2026/01/15,${at}/UBND-VP`,
    sha256: createHash('sha256').update(data).digest('hex'),
  } as const
  const core: Core = {
    version: 1,
    uid: uidOf(identity),
    generation: 1,
    ...identity,
    recipients: ['H26.10', 'G12'],
    size,
    segmentBytes: 262_144,
    lane: 'bulk',
    sealedAt: 1_768_435_200_000,
    directoryVersion: 7,
  }
  const bytes = encodeCore(core)
  const path = ['H29.18.05', 'H29.18', 'H29'].map((node) => ({ node, version: 3, at: 1_768_435_200_123 }))
  return {
    core: bytes,
    seal: seal(bytes, key),
    envelope: { core, origin: 'H29.18', to: [0, 1], segment: 0, path },
    data,
  }
}

const small = Array.from({ length: 50 }, (_, at) => segment(5 * 1024, at))
const large = [segment(250 * 1024, 0)]
const smallFrame = encodeFrame(small)
const largeFrame = encodeFrame(large)
const [one] = small
if (one === undefined) throw new Error('no segment')
const privateKey = createPrivateKey(sealingKeyToPem(key))
const raw = generateKeyPairSync('ed25519')
const rawSignature = sign(null, one.core, raw.privateKey)
const verify = createVerifier(() => key)
const codecOptions = { strict: true, allowIndefinite: false, useMaps: true, rejectDuplicateMapKeys: true }

function bareDecode(frame: Uint8Array): void {
  const [, segments] = decode(frame, codecOptions) as [number, Uint8Array[]]
  for (const bytes of segments) {
    const [core, seal] = decode(bytes, codecOptions) as [Uint8Array, Uint8Array]
    decode(core, codecOptions)
    decode(seal, codecOptions)
  }
}

const bench = new Bench({ time: 1000, warmupTime: 300 })
bench
  .add('decode 50 x 5 KiB', () => void decodeFrame(smallFrame))
  .add('decode 50 x 5 KiB, copying, bare cborg', () => bareDecode(smallFrame))
  .add('encode 50 x 5 KiB', () => void encodeFrame(small))
  .add('decode + encode 50 x 5 KiB', () => void encodeFrame(decodeFrame(smallFrame) as Segment[]))
  .add('decode 1 x 250 KiB', () => void decodeFrame(largeFrame))
  .add('decode 1 x 250 KiB, copying, bare cborg', () => bareDecode(largeFrame))
  .add('encode 1 x 250 KiB', () => void encodeFrame(large))
  .add('decode + encode 1 x 250 KiB', () => void encodeFrame(decodeFrame(largeFrame) as Segment[]))
  .add('seal', () => void seal(one.core, key))
  .add('seal, raw node:crypto', () => void sign(null, one.core, privateKey))
  .add('verify', () => verify(one.core, one.seal))
  .add('verify, raw node:crypto', () => void verifyRaw(null, one.core, raw.publicKey, rawSignature))
  .add('seal and verify', () => verify(one.core, seal(one.core, key)))
  .add('seal and verify, raw node:crypto', () => {
    verifyRaw(null, one.core, raw.publicKey, sign(null, one.core, raw.privateKey))
  })

await bench.run()

const frameBytes = { '50 x 5 KiB': smallFrame.length, '1 x 250 KiB': largeFrame.length }
const perSecondOf = new Map<string, number>()
for (const { name, result } of bench.tasks) {
  if (!('latency' in result)) throw new Error(`${name} gave no figures`)
  const perSecond = 1000 / result.latency.p50
  perSecondOf.set(name, perSecond)
  const bytes = Object.entries(frameBytes).find(([part]) => name.includes(part))?.[1]
  const throughput = bytes === undefined ? '' : `${((perSecond * bytes) / 1e6).toFixed(0)} MB/s`
  process.stdout.write(
    `${name.padEnd(42)} ${(result.latency.p50 * 1000).toFixed(1).padStart(8)} µs  ${perSecond.toFixed(0).padStart(8)}/s  ${throughput}\n`,
  )
}
for (const name of ['seal', 'verify', 'seal and verify']) {
  const share = (perSecondOf.get(name) ?? 0) / (perSecondOf.get(`${name}, raw node:crypto`) ?? 0)
  process.stdout.write(`${name}: ${(100 * share).toFixed(0)} % of raw node:crypto\n`)
}
