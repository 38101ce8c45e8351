/** Generators of everything that travels, always consistent with itself. */
import { createHash } from 'node:crypto'

import type { Announcement, Core, Enquiry, NodeKey, Path, Receipt, Signal } from '@lienthong/core'
import {
  deferReasons,
  errorCodes,
  isBetweenNodes,
  kinds,
  linkPhases,
  recallEffects,
  segmentCount,
  sightingSteps,
} from '@lienthong/core'
import type { DirectoryMessage, Hello, SealingKey, Segment } from '@lienthong/link'
import { encodeCore, seal, uidOf } from '@lienthong/link'
import fc from 'fast-check'

/** 2100-01-01: instants far enough ahead for every test. */
const maxInstant = 4_102_444_800_000

export const organ: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[GH][0-9]{2}(\.[0-9]{1,3}){0,3}$/),
  fc.stringMatching(/^[0-9]{3}\.[0-9]{2}\.[0-9]{2}\.[GH][0-9]{2}$/),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).filter((id) => Buffer.byteLength(id) <= 128),
)

/** Plain objects, as the readers return them. */
function record<T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>
}

export const uid = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'))
export const instant = fc.nat({ max: maxInstant })
const organs = fc.uniqueArray(organ, { minLength: 1, maxLength: 6 })

export const path: fc.Arbitrary<Path> = fc.array(record({ node: organ, version: fc.maxSafeNat(), at: instant }), {
  maxLength: 17,
})

/** A core with the payload it describes. */
export interface Payload {
  readonly core: Core
  readonly bytes: Uint8Array
}

export const payload: fc.Arbitrary<Payload> = record({
  generation: fc.integer({ min: 1, max: 0xffff }),
  kind: fc.constantFrom(...kinds),
  businessType: fc.nat({ max: 255 }),
  from: organ,
  documentId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
  recipients: fc.uniqueArray(organ, { minLength: 1, maxLength: 12 }),
  bytes: fc.uint8Array({ maxLength: 300 }),
  segmentBytes: fc.integer({ min: 1, max: 400 }),
  express: fc.boolean(),
  sealedAt: instant,
  directoryVersion: fc.maxSafeNat(),
  about: fc.uniqueArray(record({ uid, generation: fc.integer({ min: 1, max: 0xffff }) }), {
    maxLength: 3,
    selector: (sending) => sending.uid,
  }),
}).map(({ bytes, express, about: named, ...rest }): Payload => {
  const fields = named.length === 0 ? rest : { ...rest, about: named }
  const identity = { ...fields, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
  const lane = express && segmentCount(identity.size, identity.segmentBytes) === 1 ? 'express' : 'bulk'
  return { core: { version: 1, uid: uidOf(identity), lane, ...identity }, bytes }
})

/** One segment of a payload, sealed; of what nodes say themselves the sender is the sealing node. */
export function segment(key: SealingKey, node: string): fc.Arbitrary<Segment> {
  return record({ payload, path, pick: fc.nat(), to: fc.infiniteStream(fc.boolean()), extra: fc.boolean() }).map(
    ({ payload: { core: drawn, bytes }, path, pick, to, extra }) => {
      const identity = isBetweenNodes(drawn.kind) ? { ...drawn, from: node } : drawn
      const core = { ...identity, uid: uidOf(identity) }
      const all = core.recipients.map((_, index) => index)
      const some = all.filter(() => to.next().value === true)
      const number = pick % segmentCount(core.size, core.segmentBytes)
      const coreBytes = encodeCore(core)
      return {
        core: coreBytes,
        seal: seal(coreBytes, key),
        envelope: { core, origin: node, to: some.length > 0 ? some : all, segment: number, path },
        data: bytes.slice(number * core.segmentBytes, (number + 1) * core.segmentBytes),
        ...(extra && { extra: Uint8Array.of(0xa1, 0x18, 0x63, 0x63, 0x61, 0x62, 0x63) }),
      }
    },
  )
}

const effects = fc.option(fc.array(fc.constantFrom(...recallEffects), { maxLength: 3 }))
const withEffects = <R extends Receipt>(receipts: fc.Arbitrary<R>): fc.Arbitrary<Receipt> =>
  fc.tuple(receipts, effects).map(([drawn, did]) => (did === null ? drawn : { ...drawn, effects: did }))
const receipt = withEffects(record({ organ, deliveredAt: instant, collectedAt: fc.option(instant), path }))
const collectedReceipt = withEffects(record({ organ, deliveredAt: instant, collectedAt: instant, path }))
const ranges = fc
  .uniqueArray(fc.nat({ max: 5000 }), { minLength: 2, maxLength: 20 })
  .map((ends) => ends.sort((a, b) => a - b))
  .map((ends) => ends.flatMap((end, at) => (at % 2 === 1 ? [[ends[at - 1] ?? 0, end] as const] : [])))
const missing = fc.oneof(fc.constant('none' as const), fc.constant('all' as const), ranges)
const about = { uid, generation: fc.integer({ min: 1, max: 0xffff }) }
const codes = Object.keys(errorCodes) as (keyof typeof errorCodes)[]

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value)
const someOrgans = fc.uniqueArray(organ, { minLength: 1, maxLength: 5 })
const part = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.nat({ max: 500 }))
  .map(([newest, more]) => [newest, newest + more] as const)
const wayLink = record({
  phase: fc.constantFrom(...linkPhases),
  reasons: fc.array(fc.constantFrom('pause', 'sender-down', 'never-heard'), { maxLength: 3 }),
  since: maybe(instant),
  copies: fc.nat(),
  oldestAt: maybe(instant),
  queued: maybe(fc.nat()),
})
const sighting = record({
  organ,
  step: fc.constantFrom(...sightingSteps),
  at: instant,
  neighbour: maybe(organ),
  code: maybe(fc.constantFrom(...codes)),
  part: maybe(part),
})

const enquiry: fc.Arbitrary<Enquiry> = fc.oneof(
  record({
    type: fc.constant('ask' as const),
    number: fc.integer({ min: 1, max: 0xffffffff }),
    uid: maybe(uid),
    generation: fc.integer({ min: 1, max: 0xffff }),
    organs: fc.uniqueArray(organ, { maxLength: 5 }),
  }),
  record({
    type: fc.constant('standing' as const),
    number: fc.integer({ min: 1, max: 0xffffffff }),
    at: instant,
    tableVersion: instant,
    directoryVersion: instant,
    rememberedSince: instant,
    ways: fc.array(record({ organs: someOrgans, next: maybe(organ), link: maybe(wayLink) }), { maxLength: 4 }),
    sightings: fc.array(sighting, { maxLength: 4 }),
  }),
)

export const signal: fc.Arbitrary<Signal | Enquiry> = fc.oneof(
  enquiry,
  record({ type: fc.constant('delivered' as const), ...about, receipts: fc.array(receipt, { minLength: 1 }) }),
  record({
    type: fc.constant('collected' as const),
    ...about,
    receipts: fc.array(collectedReceipt, { minLength: 1 }),
  }),
  record({ type: fc.constant('noted' as const), ...about, organs }),
  record({ type: fc.constant('undeliverable' as const), ...about, organs, code: fc.constantFrom(...codes) }),
  record({ type: fc.constant('deferred' as const), ...about, organs, code: fc.constantFrom(...deferReasons) }),
  record({
    type: fc.constant('query' as const),
    ...about,
    organs,
    number: fc.integer({ min: 1, max: 0xffffffff }),
  }),
  record({
    type: fc.constant('answer' as const),
    ...about,
    number: fc.nat({ max: 0xffffffff }),
    receipts: fc.array(receipt),
    missing,
  }),
)

export const hello: fc.Arbitrary<Hello> = record({
  node: organ,
  instance: fc.stringMatching(/^[0-9a-f]{32}$/),
  versions: fc
    .uniqueArray(fc.integer({ min: 1, max: 0xffff }), { minLength: 1, maxLength: 16 })
    .map((versions) => versions.sort((a, b) => a - b)),
  maxFrameBytes: fc.integer({ min: 1, max: 2 ** 31 }),
  tableVersion: fc.maxSafeNat(),
  kinds: fc.option(fc.integer({ min: 1, max: 0xff }), { nil: undefined }),
}).map(({ kinds, ...hello }) => (kinds === undefined ? hello : { ...hello, kinds }))

/** The same bytes with some changed, cut off or added. */
export function mutated(original: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const change = record({
    at: fc.nat(),
    by: fc.integer({ min: 1, max: 255 }),
    how: fc.constantFrom('flip', 'cut', 'add'),
  })
  return fc.tuple(original, fc.array(change, { minLength: 1, maxLength: 4 })).map(([bytes, changes]) => {
    let result = Buffer.from(bytes)
    for (const { at, by, how } of changes) {
      const place = at % (result.length + 1)
      if (how === 'cut') result = result.subarray(0, place)
      else if (how === 'add') result = Buffer.concat([result.subarray(0, place), Buffer.of(by), result.subarray(place)])
      else if (place < result.length) result[place] = (result[place] ?? 0) ^ by
    }
    return new Uint8Array(result)
  })
}

const base64url = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((bytes) => Buffer.from(bytes).toString('base64url'))
const kid = fc.stringMatching(/^[GH][0-9]{2}#[1-9]$/)

/** Of these optional fields, some. */
function partly<T>(required: Record<string, fc.Arbitrary<unknown>>, optional: Record<string, fc.Arbitrary<unknown>>) {
  return fc.record(
    { ...required, ...optional },
    { requiredKeys: Object.keys(required), noNullPrototype: true },
  ) as unknown as fc.Arbitrary<T>
}

const nodeKey = partly<NodeKey>(
  {
    kid,
    publicKey: base64url(32),
    vouchers: fc.array(partly({ by: kid, signature: base64url(64) }, { until: instant }), { maxLength: 2 }),
  },
  { validFrom: instant, validTo: instant, replaces: kid },
)

const announcedOrgan = partly<Announcement['organisations'][number]>(
  { id: organ, name: fc.string({ unit: 'grapheme', maxLength: 20 }), parent: fc.option(organ) },
  {
    oldCode: organ,
    code102: organ,
    mail: fc.constant('vanthu@example.vn'),
    validFrom: fc.constant('2025-07-01'),
    validTo: fc.constant('2026-12-31'),
    successors: organs,
    formerNodes: fc.array(record({ node: organ, until: fc.constant('2026-12-31') }), { minLength: 1, maxLength: 3 }),
    newDocuments: fc.constantFrom('follow', 'return', 'hold'),
    splitRules: fc.array(partly({ to: organ }, { from: organ, unit: organ }), { minLength: 1, maxLength: 3 }),
    certificates: fc.array(partly({ fingerprint: uid }, { validFrom: instant, validTo: instant, revokedAt: instant }), {
      maxLength: 2,
    }),
  },
)

export const announcement: fc.Arbitrary<Announcement> = record({
  node: organ,
  parent: fc.option(organ),
  epoch: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  issuedAt: instant,
  tier: fc.string({ unit: 'grapheme', maxLength: 8 }),
  keys: fc.array(nodeKey, { maxLength: 2 }),
  children: fc.array(
    record({ id: organ, tier: fc.constant('xã'), keys: fc.array(nodeKey, { maxLength: 2 }), delegates: organs }),
    { maxLength: 3 },
  ),
  organisations: fc.array(announcedOrgan, { maxLength: 4 }),
  groups: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), organs, { maxKeys: 3, noNullPrototype: true }),
  revocations: fc.array(record({ kid, revokedAt: instant, by: kid, signature: base64url(64) }), { maxLength: 2 }),
  attests: fc.array(record({ kid, publicKey: base64url(32) }), { maxLength: 2 }),
})

const mark = fc.stringMatching(/^[0-9a-f]{16}$/)
const directoryEntry = record({
  node: organ,
  epoch: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  mark,
})
const entries = fc.array(directoryEntry, { maxLength: 5 })

export const directoryMessage: fc.Arbitrary<DirectoryMessage> = fc.oneof(
  record({ type: fc.constant('have' as const), digest: uid, count: fc.maxSafeNat() }),
  record({ type: fc.constant('list' as const), from: fc.option(organ), to: fc.option(organ), entries }),
  record({ type: fc.constant('offer' as const), entries }),
  record({ type: fc.constant('want' as const), nodes: organs }),
  record({
    type: fc.constant('piece' as const),
    batch: mark,
    index: fc.constantFrom(0, 1),
    count: fc.constantFrom(2, 9),
    bytes: fc.uint8Array({ maxLength: 30 }),
  }),
)
