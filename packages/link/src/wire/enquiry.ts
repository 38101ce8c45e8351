/**
 * Asks and standings in a list of signals, after their type.
 *
 *   standing = {1: at, 2: tableVersion, 3: directoryVersion, 4: rememberedSince, 5: [way, …], 6: [sighting, …]}
 *   way      = [[organ, …], next, link]
 *   link     = [phase, [reason, …], since, copies, oldestAt, queued]
 *   sighting = [organ, step, at, neighbour, code, [newest, of]]
 */
import {
  type Ask,
  type Enquiry,
  linkPhases,
  maxAskedOrgans,
  type Sighting,
  type Standing,
  sightingSteps,
  type Way,
  type WayLink,
} from '@lienthong/core'
import { digest, digestBytes, ids, intMap, list, text, uint, writableText } from './fields.ts'
import { maxSegments } from './limits.ts'

/** Keys in the map of a signal; 3, 4 and 7 are those of other signals. */
const askKeys = { uid: 2, generation: 3, organs: 4, number: 7 } as const
const standingKeys = { number: 7, standing: 9 } as const
const partKeys = { at: 1, tableVersion: 2, directoryVersion: 3, rememberedSince: 4, ways: 5, sightings: 6 } as const

const maxNumber = 0xffffffff
const maxGeneration = 0xffff
const maxReasons = 16
const maxReasonBytes = 64

type Fields = ReadonlyMap<number, unknown>

/** Everything but the type, in the order of the keys. */
export function enquiryEntries(enquiry: Enquiry): (readonly [number, unknown])[] {
  if (enquiry.type === 'standing') {
    return [
      [standingKeys.number, enquiry.number],
      [standingKeys.standing, standingItem(enquiry)],
    ]
  }
  const { uid, generation, organs, number } = enquiry
  return [
    ...(uid === null ? [] : [[askKeys.uid, digestBytes(uid, 'ask.uid')] as const]),
    [askKeys.generation, generation],
    ...(organs.length === 0
      ? []
      : [[askKeys.organs, organs.map((organ) => writableText(organ, 'ask.organs'))] as const]),
    [askKeys.number, number],
  ]
}

export function readAsk(map: Fields): Ask {
  const [uid, organs] = [map.get(askKeys.uid), map.get(askKeys.organs)]
  return {
    type: 'ask',
    number: uint(map.get(askKeys.number), 'ask.number', maxNumber, 1),
    uid: uid === undefined ? null : digest(uid, 'ask.uid'),
    generation: uint(map.get(askKeys.generation), 'ask.generation', maxGeneration, 1),
    organs: organs === undefined ? [] : ids(organs, 'ask.organs', maxAskedOrgans),
  }
}

export function readStanding(map: Fields): Standing {
  const fields = intMap(map.get(standingKeys.standing), 'standing')
  const whole = (key: number) => uint(fields.get(key), 'standing')
  return {
    type: 'standing',
    number: uint(map.get(standingKeys.number), 'standing.number', maxNumber, 1),
    at: whole(partKeys.at),
    tableVersion: whole(partKeys.tableVersion),
    directoryVersion: whole(partKeys.directoryVersion),
    rememberedSince: whole(partKeys.rememberedSince),
    ways: list(fields.get(partKeys.ways), 'standing.ways', maxAskedOrgans).map(readWay),
    sightings: list(fields.get(partKeys.sightings), 'standing.sightings', maxAskedOrgans).flatMap(readSighting),
  }
}

function standingItem(standing: Standing): Map<number, unknown> {
  return new Map<number, unknown>([
    [partKeys.at, standing.at],
    [partKeys.tableVersion, standing.tableVersion],
    [partKeys.directoryVersion, standing.directoryVersion],
    [partKeys.rememberedSince, standing.rememberedSince],
    [partKeys.ways, standing.ways.map(wayItem)],
    [partKeys.sightings, standing.sightings.map(sightingItem)],
  ])
}

function wayItem({ organs, next, link }: Way): readonly unknown[] {
  return [organs.map((organ) => writableText(organ, 'way.organs')), next, link === null ? null : linkItem(link)]
}

function readWay(item: unknown): Way {
  const [organs, next, link] = list(item, 'way', 3, 3)
  return {
    organs: ids(organs, 'way.organs', maxAskedOrgans),
    next: orNull(next, (value) => text(value, 'way.next')),
    link: orNull(link, readLink),
  }
}

function linkItem({ phase, reasons, since, copies, oldestAt, queued }: WayLink): readonly unknown[] {
  return [linkPhases.indexOf(phase), reasons, since, copies, oldestAt, queued]
}

/** A phase of versions to come is one that is not open. */
function readLink(item: unknown): WayLink {
  const [phase, reasons, since, copies, oldestAt, queued] = list(item, 'way.link', 6, 6)
  return {
    phase: linkPhases[uint(phase, 'way.link')] ?? 'closed',
    reasons: list(reasons, 'way.link', maxReasons).map((reason) => text(reason, 'way.link', maxReasonBytes)),
    since: orNull(since, (value) => uint(value, 'way.link')),
    copies: uint(copies, 'way.link'),
    oldestAt: orNull(oldestAt, (value) => uint(value, 'way.link')),
    queued: orNull(queued, (value) => uint(value, 'way.link')),
  }
}

function sightingItem({ organ, step, at, neighbour, code, part }: Sighting): readonly unknown[] {
  return [writableText(organ, 'sighting.organ'), sightingSteps.indexOf(step), at, neighbour, code, part]
}

/** A step of versions to come is passed over. */
function readSighting(item: unknown): readonly Sighting[] {
  const [organ, number, at, neighbour, code, part] = list(item, 'sighting', 6, 6)
  const step = sightingSteps[uint(number, 'sighting.step')]
  if (step === undefined) return []
  const sighting: Sighting = {
    organ: text(organ, 'sighting.organ'),
    step,
    at: uint(at, 'sighting.at'),
    neighbour: orNull(neighbour, (value) => text(value, 'sighting.neighbour')),
    code: orNull(code, (value) => text(value, 'sighting.code')),
    part: orNull(part, readPart),
  }
  return [sighting]
}

function readPart(item: unknown): readonly [number, number] {
  const [newest, of] = list(item, 'sighting.part', 2, 2)
  const count = uint(of, 'sighting.part', maxSegments, 1)
  return [uint(newest, 'sighting.part', count, 1), count]
}

function orNull<Value>(item: unknown, read: (item: unknown) => Value): Value | null {
  return item === null ? null : read(item)
}
