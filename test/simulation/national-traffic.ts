/**
 * What the country sends: a working day, a directive to all communes, and more while the tree changes.
 *
 * Volume and recipients are those of July 2022 (135,000 documents a month to 3.6 recipients each), times a peak; who sends
 * to whom and how large documents are is assumed, and said here.
 */
import type { NodeId, OrganId } from '@lienthong/core'
import type { Country } from './national-country.ts'
import type { Random } from './random.ts'
import type { PlannedDocument } from './scenario.ts'

export interface TrafficPlan {
  /** The average working day is 1. */
  readonly peak: number
  /** Share of the country's organisations in this run, so that a small one has small traffic. */
  readonly scale: number
  /** Midnight of the reform, virtual ms; null: the day only. */
  readonly reformAt: number | null
  /** Documents flow until this long after midnight, ms. */
  readonly afterMs: number
}

export interface Traffic {
  readonly documents: readonly PlannedDocument[]
  /** By uid. */
  readonly bytes: ReadonlyMap<string, number>
}

const hourMs = 3_600_000
export const dayMs = 8 * hourMs
const documentsPerDay = 135_000 / 22
const meanRecipients = 3.6
const maxRecipients = 40
const maxDraws = 1_000
/** Documents in each hour of the day, of eight. */
const hours = [0.6, 1.4, 1.6, 1, 0.5, 1.1, 1.3, 0.5]
/** Who sends: of a hundred documents. The third tier's go to the others when there is none. */
const senders = [10, 30, 20, 40]
/** Recipients inside the sender's own province or ministry, at any other's head, and anywhere, of a hundred. */
const inside = 60
const heads = 25
/** Of the senders and recipients inside, units themselves rather than one of their offices, of a hundred. */
const units = 60
/** Sizes: logarithmic normal, bytes. */
const sizes = { median: 200_000, sigma: 1.2, max: 20_000_000 }
const segmentBytes = 262_144
const urgent = 0.1
export const directives = { day: 'the directive', reform: 'the directive of the first day' } as const
/** Some are under way to many when the clocks strike, and not all clocks at once. */
const atMidnight = { documents: 300, atLeast: 30, withinMs: 3_000 }
const directiveBytes = 400_000
/** That of the reform comes while nodes are changing their parents, and some tables say so and others do not. */
const directiveAt = { day: hourMs, reformMs: 8 * 60_000 + 500 }

interface Body {
  readonly organ: OrganId
  readonly top: NodeId
  readonly tier: number
}

export function drawTraffic(random: Random, country: Country, plan: TrafficPlan): Traffic {
  const documents: PlannedDocument[] = []
  const bytes = new Map<string, number>()
  const perDay = documentsPerDay * plan.peak * plan.scale
  const eve = addressBook(country, false)
  for (const [hour, weight] of hours.entries()) {
    for (let count = Math.round((perDay * weight) / hours.length); count > 0; count--) {
      send(eve, hour * hourMs + random.int(0, hourMs))
    }
  }
  direct(eve, directives.day, directiveAt.day)
  if (plan.reformAt !== null) {
    const after = addressBook(country, true)
    const before = 10 * 60_000
    for (let count = Math.round((perDay * (before + plan.afterMs)) / dayMs); count > 0; count--) {
      const at = plan.reformAt - before + random.int(0, before + plan.afterMs)
      send(at < plan.reformAt ? eve : after, at)
    }
    for (let count = Math.max(atMidnight.atLeast, Math.round(atMidnight.documents * plan.scale)); count > 0; count--) {
      send(eve, plan.reformAt + random.int(-atMidnight.withinMs, atMidnight.withinMs), maxRecipients)
    }
    direct(after, directives.reform, plan.reformAt + directiveAt.reformMs)
  }
  return { documents, bytes }

  function send(book: AddressBook, at: number, atLeast = 1): void {
    const uid = `D${documents.length}`
    const sender = book.sender(random)
    const recipients = new Set<OrganId>()
    let wanted = atLeast
    while (wanted < maxRecipients && !random.chance(1 / meanRecipients)) wanted += 1
    // Its own unit may be written to by few: it draws again, but not for ever.
    for (let draws = 0; recipients.size < wanted && draws < maxDraws; draws++) {
      const to = book.recipient(random, sender)
      if (to !== sender.organ) recipients.add(to)
    }
    const size = Math.min(sizes.max, Math.round(sizes.median * Math.exp(sizes.sigma * normal(random))))
    const segments = Math.max(1, Math.ceil(size / segmentBytes))
    const lane = segments === 1 && random.chance(urgent) ? 'express' : 'bulk'
    bytes.set(uid, size)
    documents.push({ at, uid, from: sender.organ, recipients: [...recipients], lane, segments })
  }

  function direct(book: AddressBook, uid: string, at: number): void {
    bytes.set(uid, directiveBytes)
    const segments = Math.ceil(directiveBytes / segmentBytes)
    documents.push({ at, uid, from: 'G22', recipients: book.communes, lane: 'bulk', segments })
  }
}

interface AddressBook {
  readonly communes: readonly OrganId[]
  sender(random: Random): Body
  recipient(random: Random, sender: Body): OrganId
}

/** Who exists before the day, or after. A closed one is still written to, by one sender in five. */
function addressBook(country: Country, after: boolean): AddressBook {
  const byTier: Body[][] = [[], [], [], []]
  const offices: Body[][] = [[], [], [], []]
  const byTop = new Map<NodeId, Body[]>()
  const closedByTop = new Map<NodeId, Body[]>()
  const heading: Body[] = []
  const everyUnit: Body[] = []
  const depth = new Map<NodeId, number>()
  const topOf = new Map<NodeId, NodeId>()
  const goesTo = new Map(country.rejoining.map(({ node, to }) => [node, to]))
  for (const { id, parent, organisations } of country.units) {
    const tier = parent === null ? 0 : (depth.get(parent) ?? 0) + 1
    depth.set(id, tier)
    topOf.set(id, tier < 2 ? id : (topOf.get(parent ?? '') ?? id))
    const top = (after ? goesTo.get(id) : undefined) ?? topOf.get(id) ?? id
    for (const { id: organ, validFrom, validTo } of organisations) {
      const body = { organ, top, tier }
      const isUnit = !organ.includes('.S')
      if (after ? validTo !== undefined : validFrom !== undefined) {
        if (after && isUnit) listOf(closedByTop, top).push(body)
        continue
      }
      ;(isUnit ? byTier : offices)[tier]?.push(body)
      if (!isUnit) continue
      everyUnit.push(body)
      listOf(byTop, top).push(body)
      if (tier < 2) heading.push(body)
    }
  }
  return {
    communes: (byTier[3] ?? []).map(({ organ }) => organ),
    sender(random) {
      for (;;) {
        const tier = drawTier(random)
        const bodies = (random.chance(units / 100) ? byTier : offices)[tier] ?? []
        if (bodies.length > 0) return random.pick(bodies)
      }
    },
    recipient(random, sender) {
      const closed = closedByTop.get(sender.top)
      if (closed !== undefined && random.chance(0.2)) return random.pick(closed).organ
      const draw = random.int(1, 100)
      if (draw <= inside) return random.pick(byTop.get(sender.top) ?? heading).organ
      return random.pick(draw <= inside + heads ? heading : everyUnit).organ
    },
  }
}

function drawTier(random: Random): number {
  let draw = random.int(1, 100)
  for (const [tier, share] of senders.entries()) {
    draw -= share
    if (draw <= 0) return tier
  }
  return 0
}

function listOf<Key, Item>(lists: Map<Key, Item[]>, key: Key): Item[] {
  const there = lists.get(key)
  if (there !== undefined) return there
  const made: Item[] = []
  lists.set(key, made)
  return made
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
