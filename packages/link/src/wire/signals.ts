/**
 * A list of signals: the payload of a document of kind `signal`.
 *
 *   signals = [version, [{1: type, 2: uid, 3: generation, …}, …]]
 *
 * Types may be added within a major version: a reader passes over those it does not know. A code it
 * does not know keeps its meaning for custody: `undeliverable` as INTERNAL, `deferred` as LINK_FULL.
 */
import type {
  DeferReason,
  Enquiry,
  ErrorCode,
  Missing,
  RecallEffect,
  Receipt,
  SegmentRange,
  Signal,
} from '@lienthong/core'
import { deferReasons, errorCodes, maxAbout, recallEffects } from '@lienthong/core'

import { CborReader, encodeCbor } from './cbor.ts'
import { enquiryEntries, readAsk, readStanding } from './enquiry.ts'
import { digest, digestBytes, ids, intMap, list, path, pathItems, text, uint, writableText } from './fields.ts'
import { maxMissingRanges, maxSegments, maxSignalsBytes, wireVersion } from './limits.ts'
import { frameInvalid, versionUnsupported } from './refusal.ts'

/** The number of a type on the wire is its place here. */
const types = [
  'delivered',
  'collected',
  'noted',
  'undeliverable',
  'deferred',
  'query',
  'answer',
  'ask',
  'standing',
] as const
const keys = {
  type: 1,
  uid: 2,
  generation: 3,
  organs: 4,
  receipts: 5,
  code: 6,
  number: 7,
  missing: 8,
  effects: 10,
} as const

const maxEntries = 16_384
const maxGeneration = 0xffff
const maxQueryNumber = 0xffffffff

type Fields = ReadonlyMap<number, unknown>

/**
 * The payload of a signal document. Nobody reads one past 256 KiB (`maxSignalsBytes`): whoever gets
 * more splits the list. Throws FRAME_INVALID for what `decodeSignals` would refuse otherwise.
 */
export function encodeSignals(signals: readonly (Signal | Enquiry)[]): Uint8Array {
  const bytes = encodeCbor([wireVersion, signals.map(signalMap)])
  if (bytes.length <= maxSignalsBytes) decodeSignals(bytes)
  return bytes
}

/** Reads the payload of a signal document. Throws FRAME_INVALID, VERSION_UNSUPPORTED. */
export function decodeSignals(bytes: Uint8Array): readonly (Signal | Enquiry)[] {
  if (bytes.length > maxSignalsBytes) throw frameInvalid('signals', `are longer than ${maxSignalsBytes} bytes`)
  const reader = new CborReader(bytes, 'signals')
  const fields = reader.open('array')
  const version = uint(reader.next(), 'signals.version')
  if (version !== wireVersion) throw versionUnsupported('signals', version)
  if (fields !== 2) throw frameInvalid('signals', 'have not 2 fields')
  const signals = list(reader.next(), 'signals', maxEntries, 1)
  reader.end()
  return signals.flatMap((signal) => readSignal(intMap(signal, 'signal')) ?? [])
}

function signalMap(signal: Signal | Enquiry): Map<number, unknown> {
  if (signal.type === 'ask' || signal.type === 'standing') {
    return new Map([[keys.type, types.indexOf(signal.type)], ...enquiryEntries(signal)])
  }
  const map = new Map<number, unknown>([
    [keys.type, types.indexOf(signal.type)],
    [keys.uid, digestBytes(signal.uid, 'signal.uid')],
    [keys.generation, signal.generation],
  ])
  if ('organs' in signal) {
    map.set(
      keys.organs,
      signal.organs.map((organ) => writableText(organ, 'signal.organs')),
    )
  }
  if ('receipts' in signal) map.set(keys.receipts, signal.receipts.map(receiptItems))
  if ('code' in signal) map.set(keys.code, signal.code)
  if ('number' in signal) map.set(keys.number, signal.number)
  if ('missing' in signal) map.set(keys.missing, missingItem(signal.missing))
  if ('receipts' in signal && signal.receipts.some(({ effects }) => effects !== undefined)) {
    map.set(keys.effects, signal.receipts.map(effectItems))
  }
  return map
}

function readSignal(map: Fields): Signal | Enquiry | undefined {
  const type = types[uint(map.get(keys.type), 'signal.type')]
  if (type === undefined) return undefined
  if (type === 'ask') return readAsk(map)
  if (type === 'standing') return readStanding(map)
  const about = {
    uid: digest(map.get(keys.uid), 'signal.uid'),
    generation: uint(map.get(keys.generation), 'signal.generation', maxGeneration, 1),
  }
  switch (type) {
    case 'delivered':
      return { type, ...about, receipts: receipts(map, 1) }
    case 'collected': {
      const collected = receipts(map, 1)
      if (collected.some(({ collectedAt }) => collectedAt === null)) {
        throw frameInvalid('signal.receipts', 'are collected without a time')
      }
      return { type, ...about, receipts: collected }
    }
    case 'noted':
      return { type, ...about, organs: organs(map) }
    case 'undeliverable':
      return { type, ...about, organs: organs(map), code: errorCode(text(map.get(keys.code), 'signal.code')) }
    case 'deferred':
      return { type, ...about, organs: organs(map), code: deferReason(text(map.get(keys.code), 'signal.code')) }
    case 'query':
      return { type, ...about, organs: organs(map), number: queryNumber(map, 1) }
    case 'answer':
      return {
        type,
        ...about,
        number: queryNumber(map, 0),
        receipts: receipts(map, 0),
        missing: missing(map.get(keys.missing)),
      }
  }
}

function organs(map: Fields): readonly string[] {
  return ids(map.get(keys.organs), 'signal.organs', maxEntries)
}

function queryNumber(map: Fields, min: number): number {
  return uint(map.get(keys.number), 'signal.number', maxQueryNumber, min)
}

function receipts(map: Fields, min: number): readonly Receipt[] {
  const what = 'signal.receipts'
  const all = list(map.get(keys.receipts), what, maxEntries, min)
  const told = map.has(keys.effects) ? list(map.get(keys.effects), 'signal.effects', all.length, all.length) : []
  return all.map((receipt, place) => {
    const [organ, deliveredAt, collectedAt, visits] = list(receipt, what, 4, 4)
    const effects = told[place] ?? null
    return {
      organ: text(organ, what),
      deliveredAt: uint(deliveredAt, what),
      collectedAt: collectedAt === null ? null : uint(collectedAt, what),
      path: path(visits, what),
      ...(effects !== null && { effects: readEffects(effects) }),
    }
  })
}

function receiptItems({ organ, deliveredAt, collectedAt, path: visits }: Receipt): readonly unknown[] {
  for (const id of [organ, ...visits.map(({ node }) => node)]) writableText(id, 'signal.receipts')
  return [organ, deliveredAt, collectedAt, pathItems(visits)]
}

/** Beside the receipts, since older nodes read exactly four fields in each. */
function effectItems({ effects }: Receipt): readonly number[] | null {
  return effects === undefined ? null : effects.map((effect) => recallEffects.indexOf(effect))
}

/** One that is not known stopped nothing that this node could tell of. */
function readEffects(value: unknown): readonly RecallEffect[] {
  return list(value, 'signal.effects', maxAbout).map(
    (effect) => recallEffects[uint(effect, 'signal.effects')] ?? 'asked',
  )
}

/** null: nothing; true: all; otherwise [[first, last], …], ascending. */
function missingItem(missing: Missing): unknown {
  if (missing === 'none') return null
  return missing === 'all' ? true : missing
}

function missing(value: unknown): Missing {
  if (value === null) return 'none'
  if (value === true) return 'all'
  let next = 0
  return list(value, 'signal.missing', maxMissingRanges, 1).map((range): SegmentRange => {
    const [first, last] = list(range, 'signal.missing', 2, 2)
    const start = uint(first, 'signal.missing', maxSegments - 1, next)
    const end = uint(last, 'signal.missing', maxSegments - 1, start)
    next = end + 1
    return [start, end]
  })
}

function errorCode(code: string): ErrorCode {
  return Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : 'INTERNAL'
}

function deferReason(code: string): DeferReason {
  return deferReasons.find((reason) => reason === code) ?? 'LINK_FULL'
}
