/** The test vectors of PROTOCOL.md, made from fixed input: the same bytes on every machine, for ever. */
import { createHash } from 'node:crypto'

import { type Announcement, type Core, type Enquiry, keyStatement, type Path, type Signal } from '@lienthong/core'
import type { DirectoryMessage, Hello, Segment } from '@lienthong/link'
import {
  directoryDigest,
  directoryEntryOf,
  encodeCore,
  encodeDirectoryMessage,
  encodeFrame,
  encodeHello,
  encodeSignals,
  seal,
  sealAnnouncement,
  sealedBy,
  sealingKeyFromPem,
  uidOf,
} from '@lienthong/link'

import { encodeCbor } from '../src/wire/cbor.ts'
import { uidInput } from '../src/wire/core.ts'
import { type NodeVectors, nodeVectors } from './node-vectors.ts'
import { type RecallVectors, recallVectors } from './recall-vectors.ts'

/** Seed of the key of RFC 8032 §7.1, test 1: known to everybody, for tests only. */
const testSeed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
const kid = 'H29.18.05#1'

export interface RefusedVector {
  readonly name: string
  readonly structure: 'core' | 'seal' | 'frame' | 'segment' | 'signals' | 'hello' | 'announcement' | 'directory'
  readonly hex: string
  readonly code: 'FRAME_INVALID' | 'VERSION_UNSUPPORTED'
}

export interface Vectors {
  readonly key: { readonly kid: string; readonly seed: string; readonly publicKey: string }
  readonly payload: { readonly text: string; readonly hex: string }
  readonly uid: { readonly input: string; readonly uid: string }
  readonly core: { readonly value: Core; readonly hex: string }
  readonly seal: { readonly signed: string; readonly hex: string }
  readonly frame: {
    readonly segments: readonly {
      readonly origin: string
      readonly uid: string
      readonly to: readonly number[]
      readonly segment: number
      readonly path: Path
      readonly data: string
      readonly extra: string | null
    }[]
    readonly hex: string
  }
  readonly signals: { readonly value: readonly Signal[]; readonly hex: string }
  readonly enquiries: { readonly value: readonly Enquiry[]; readonly hex: string }
  readonly recall: RecallVectors
  readonly hello: { readonly value: Hello; readonly hex: string }
  readonly nodes: NodeVectors
  readonly announcement: {
    readonly value: Announcement
    readonly hex: string
    readonly seal: string
    readonly digest: string
  }
  readonly directory: { readonly value: readonly string[]; readonly hex: readonly string[] }
  readonly refused: readonly RefusedVector[]
}

export function testKeyPem(): string {
  // PrivateKeyInfo of Ed25519 [RFC 8410 §7]: a fixed head and the seed.
  const der = Buffer.from(`302e020100300506032b657004220420${testSeed}`, 'hex')
  return `kid: ${kid}\n-----BEGIN PRIVATE KEY-----\n${der.toString('base64')}\n-----END PRIVATE KEY-----\n`
}

const key = sealingKeyFromPem(testKeyPem())
const text = 'Kính gửi: Ủy ban nhân dân các xã, phường'
const payload = Buffer.from(text)
const path: Path = [
  { node: 'H29.18.05', version: 3, at: 1_768_435_200_100 },
  { node: 'H29.18', version: 12, at: 1_768_435_200_140 },
]

function coreOf(bytes: Uint8Array, rest: Omit<Core, 'version' | 'uid' | 'generation' | 'size' | 'sha256'>): Core {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { version: 1, uid: uidOf({ ...rest, sha256 }), generation: 1, size: bytes.length, sha256, ...rest }
}

const core = coreOf(payload, {
  kind: 'document',
  businessType: 0,
  from: '000.05.18.H29',
  documentId: '000.05.18.H29,2026/01/15,123/UBND-VP',
  recipients: ['000.00.10.H26', '000.00.02.H29', '000.00.00.G22', '000.00.00.G12'],
  segmentBytes: 32,
  lane: 'bulk',
  sealedAt: 1_768_435_200_000,
  directoryVersion: 7,
})

const receipt = { organ: '000.00.10.H26', deliveredAt: 1_768_435_201_000, collectedAt: null, path }
const about = { uid: core.uid, generation: 1 }
const signals: readonly Signal[] = [
  { type: 'delivered', ...about, receipts: [receipt] },
  { type: 'collected', ...about, receipts: [{ ...receipt, collectedAt: 1_768_435_260_000 }] },
  { type: 'noted', ...about, organs: ['000.00.10.H26'] },
  { type: 'undeliverable', ...about, organs: ['000.00.00.G12'], code: 'RECEIVER_UNKNOWN' },
  { type: 'deferred', ...about, organs: ['000.00.02.H29'], code: 'LINK_FULL' },
  { type: 'query', ...about, organs: ['000.00.02.H29', '000.00.00.G22'], number: 2 },
  { type: 'answer', ...about, number: 2, receipts: [receipt], missing: [[0, 0]] },
  { type: 'answer', ...about, number: 0, receipts: [], missing: 'all' },
  { type: 'answer', ...about, number: 3, receipts: [], missing: 'none' },
]

const enquiries: readonly Enquiry[] = [
  { type: 'ask', number: 7, uid: null, generation: 1, organs: [] },
  { type: 'ask', number: 8, uid: core.uid, generation: 1, organs: ['000.00.10.H26'] },
  {
    type: 'standing',
    number: 8,
    at: 1_768_435_202_000,
    tableVersion: 12,
    directoryVersion: 7,
    rememberedSince: 1_768_400_000_000,
    ways: [
      {
        organs: ['000.00.10.H26'],
        next: 'H29',
        link: {
          phase: 'open',
          reasons: ['pause'],
          since: 1_768_435_100_000,
          copies: 0,
          oldestAt: null,
          queued: 3,
        },
      },
    ],
    sightings: [
      { organ: '000.00.10.H26', step: 'sent', at: 1_768_435_200_140, neighbour: 'H29', code: null, part: [2, 2] },
    ],
  },
]

const hello: Hello = {
  node: 'H29.18',
  instance: '5f0c6a1e9b7d43128e4a0b6c2d9f7e31',
  versions: [1],
  maxFrameBytes: 524_288,
  tableVersion: 12,
}

const child = { kid: 'H29.18.05.1#1', publicKey: key.publicKey }
const announcement: Announcement = {
  node: 'H29.18.05',
  parent: 'H29.18',
  epoch: 2,
  version: 7,
  issuedAt: 1_768_435_200_000,
  tier: '',
  keys: [],
  children: [
    {
      id: 'H29.18.05.1',
      tier: 'trường',
      keys: [
        {
          ...child,
          validFrom: 1_767_225_600_000,
          vouchers: [{ by: kid, signature: signed(child, 1_767_225_600_000) }],
        },
      ],
      delegates: ['H29.18.05.1'],
    },
  ],
  organisations: [
    { id: 'H29.18.05', name: 'Ủy ban nhân dân xã', code102: '000.05.18.H29', parent: 'H29.18' },
    { id: 'H29.18.05.2', name: 'Trạm y tế', parent: 'H29.18.05', validTo: '2025-06-30', successors: ['H29.18.05'] },
  ],
  groups: { 'toàn xã': ['H29.18.05'] },
  revocations: [],
  attests: [],
}

function signed(about: { readonly kid: string; readonly publicKey: string }, validFrom: number): string {
  const statement = keyStatement({ ...about, validFrom })
  if (statement === null) throw new Error('no statement')
  return Buffer.from(key.sign(statement)).toString('base64url')
}

/** The messages by which one neighbour learns of this announcement from another. */
function directoryVectors(): Pick<Vectors, 'announcement' | 'directory'> {
  const said = sealAnnouncement(announcement, key)
  const entry = directoryEntryOf(said)
  const messages: readonly DirectoryMessage[] = [
    { type: 'have', digest: directoryDigest([entry]), count: 1 },
    { type: 'list', from: null, to: 'H29.18.06', entries: [entry] },
    { type: 'offer', entries: [entry] },
    { type: 'want', nodes: [entry.node] },
    { type: 'piece', batch: '0123456789abcdef', index: 1, count: 2, bytes: Uint8Array.of(1, 2, 3) },
  ]
  return {
    announcement: { value: announcement, hex: hex(said.bytes), seal: hex(said.seal), digest: said.digest },
    directory: {
      value: messages.map(({ type }) => type),
      hex: messages.map((message) => hex(encodeDirectoryMessage(message))),
    },
  }
}

function segmentOf(bytes: Uint8Array, of: Core, place: Pick<Segment['envelope'], 'to' | 'segment' | 'path'>): Segment {
  const encoded = encodeCore(of)
  const sealed = seal(encoded, key)
  const start = place.segment * of.segmentBytes
  return {
    core: encoded,
    seal: sealed,
    envelope: { core: of, origin: sealedBy(sealed).replace(/#\d+$/, ''), ...place },
    data: bytes.subarray(start, start + of.segmentBytes),
  }
}

export function makeVectors(): Vectors {
  const signalBytes = encodeSignals(signals.slice(0, 1))
  const signalCore = coreOf(signalBytes, {
    kind: 'signal',
    businessType: 0,
    from: 'H29.18.05',
    documentId: 'signal 1',
    recipients: ['H26.10'],
    segmentBytes: 262_144,
    lane: 'express',
    sealedAt: 1_768_435_201_500,
    directoryVersion: 7,
  })
  const first = segmentOf(payload, core, { to: [0, 1, 2], segment: 0, path })
  const segments: readonly Segment[] = [
    first,
    // A trailing map of fields to come: {0: "later"}.
    { ...segmentOf(payload, core, { to: [0, 2, 3], segment: 1, path }), extra: hexBytes('a100656c61746572') },
    segmentOf(signalBytes, signalCore, { to: [0], segment: 0, path: [] }),
  ]
  return {
    key: { kid, seed: testSeed, publicKey: Buffer.from(key.publicKey, 'base64url').toString('hex') },
    payload: { text, hex: hex(payload) },
    uid: { input: hex(uidInput(core)), uid: core.uid },
    core: { value: core, hex: hex(first.core) },
    seal: { signed: hex(signedBytes(first.core)), hex: hex(first.seal) },
    frame: {
      segments: segments.map(({ envelope: { origin, core, to, segment, path }, data, extra }) => ({
        origin,
        uid: core.uid,
        to,
        segment,
        path,
        data: hex(data),
        extra: extra === undefined ? null : hex(extra),
      })),
      hex: hex(encodeFrame(segments)),
    },
    signals: { value: signals, hex: hex(encodeSignals(signals)) },
    enquiries: { value: enquiries, hex: hex(encodeSignals(enquiries)) },
    recall: recallVectors({ recalled: core, receipt }),
    hello: { value: hello, hex: hex(encodeHello(hello)) },
    nodes: nodeVectors({ document: core, path, hello }),
    ...directoryVectors(),
    refused: refused(first),
  }
}

/** Written out anew, beside the code that is tested. */
function signedBytes(core: Uint8Array): Uint8Array {
  const header = encodeCbor(
    new Map<number, unknown>([
      [1, -8],
      [4, new Uint8Array(Buffer.from(kid))],
    ]),
  )
  return encodeCbor(['Signature1', header, new Uint8Array(), core])
}

/** Valid bytes with one thing wrong: what a second implementation must refuse as well. */
function refused(good: Segment): readonly RefusedVector[] {
  const core = hex(good.core)
  const sealHex = hex(good.seal)
  const frame = hex(encodeFrame([good]))
  // Outer array, version, inner array, head of the byte string: 1 + 1 + 1 + 3 bytes.
  const segment = frame.slice(12)
  const place = segment.slice(segment.indexOf(sealHex) + sealHex.length)
  const swap = (text: string, from: string, to: string): string => {
    if (text.split(from).length !== 2) throw new Error(`${from} does not stand once in ${text}`)
    return text.replace(from, to)
  }
  return [
    { name: 'major version 2', structure: 'core', hex: swap(core, 'ae0101', 'ae0102'), code: 'VERSION_UNSUPPORTED' },
    { name: 'version not first', structure: 'core', hex: `ae02${core.slice(4)}`, code: 'FRAME_INVALID' },
    {
      name: 'a uid that is not its own',
      structure: 'core',
      hex: swap(core, good.envelope.core.uid, '00'.repeat(32)),
      code: 'FRAME_INVALID',
    },
    {
      name: 'a directory version in two bytes',
      structure: 'core',
      hex: `${core.slice(0, -2)}1807`,
      code: 'FRAME_INVALID',
    },
    {
      name: 'generation 0',
      structure: 'core',
      hex: swap(core, '030104000500', '030004000500'),
      code: 'FRAME_INVALID',
    },
    { name: 'about nothing', structure: 'core', hex: `af${core.slice(2)}1080`, code: 'FRAME_INVALID' },
    { name: 'a byte after the end', structure: 'core', hex: `${core}00`, code: 'FRAME_INVALID' },
    { name: 'the tag of COSE_Sign1', structure: 'seal', hex: `d2${sealHex}`, code: 'FRAME_INVALID' },
    { name: 'alg ES256', structure: 'seal', hex: swap(sealHex, 'a2012704', 'a2012604'), code: 'FRAME_INVALID' },
    {
      name: 'an unprotected header',
      structure: 'seal',
      hex: swap(sealHex, 'a0f65840', 'a10127f65840'),
      code: 'FRAME_INVALID',
    },
    {
      name: 'an attached payload',
      structure: 'seal',
      hex: swap(sealHex, 'a0f65840', 'a0405840'),
      code: 'FRAME_INVALID',
    },
    {
      name: 'an index past the recipients',
      structure: 'segment',
      hex: segment.replace(place, swap(place, '81820002', '81820004')),
      code: 'FRAME_INVALID',
    },
    {
      name: 'neighbours that are no run',
      structure: 'segment',
      hex: segment.replace(place, swap(place, '81820002', '83000102')),
      code: 'FRAME_INVALID',
    },
    {
      name: 'the data of another segment',
      structure: 'segment',
      hex: segment.replace(place, swap(place, '8182000200', '8182000201')),
      code: 'FRAME_INVALID',
    },
    { name: 'major version 2', structure: 'frame', hex: `8202${frame.slice(4)}`, code: 'VERSION_UNSUPPORTED' },
    { name: 'no segments', structure: 'frame', hex: '820180', code: 'FRAME_INVALID' },
    { name: 'a segment cut short', structure: 'frame', hex: frame.slice(0, -2), code: 'FRAME_INVALID' },
    {
      name: 'an array of indefinite length',
      structure: 'frame',
      hex: `82019f${frame.slice(6)}ff`,
      code: 'FRAME_INVALID',
    },
    { name: 'major version 2', structure: 'signals', hex: '8202f6', code: 'VERSION_UNSUPPORTED' },
    { name: 'query number 0', structure: 'signals', hex: querySignals('00'), code: 'FRAME_INVALID' },
    { name: 'more effects than receipts', structure: 'signals', hex: answerSignals('818100'), code: 'FRAME_INVALID' },
    {
      name: 'major version 2',
      structure: 'announcement',
      hex: `8202${directoryVectors().announcement.hex.slice(4)}`,
      code: 'VERSION_UNSUPPORTED',
    },
    {
      name: 'epoch 0',
      structure: 'announcement',
      hex: swap(directoryVectors().announcement.hex, '03020407', '03000407'),
      code: 'FRAME_INVALID',
    },
    {
      name: 'a piece past the last',
      structure: 'directory',
      hex: '860104480123456789abcdef020243010203',
      code: 'FRAME_INVALID',
    },
    { name: 'no versions', structure: 'hello', hex: 'a5016348323902616103800418640500', code: 'FRAME_INVALID' },
  ]
}

function querySignals(number: string): string {
  return `820181a5010502${'5820'}${'11'.repeat(32)}0301048163483239${'07'}${number}`
}

function answerSignals(effects: string): string {
  return `820181a7010602${'5820'}${'11'.repeat(32)}030105800700${'08f6'}0a${effects}`
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function hexBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'))
}
