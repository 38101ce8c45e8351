/**
 * The country as a tree of nodes, on the eve of 1 July 2025 and after: 63 provinces become 34, the districts go, and about
 * every three communes become one.
 *
 * Provinces, ministries and who succeeds whom are real (`level1-organisations.csv`); numbers of districts and communes are
 * real in sum and spread evenly. Of the communes that merge the first one's node goes on and serves the new one; the others'
 * nodes empty themselves and leave, and so do those of districts and of provinces that closed.
 */
import { readFileSync } from 'node:fs'
import { type AnnouncedOrganisation, type NodeId, type OrganId, readCsv } from '@lienthong/core'

export interface CountrySize {
  /** Provinces of the eve, with all those they merge with; fewer than asked for when a merger would not fit. */
  readonly provinces: number
  readonly ministries: number
  readonly districts: number
  readonly communes: number
  readonly communesAfter: number
  /** Organisations of the eve, at least one at each node. */
  readonly organisations: number
}

export const wholeCountry: CountrySize = {
  provinces: 63,
  ministries: 21,
  districts: 696,
  communes: 10_035,
  communesAfter: 3_321,
  organisations: 125_000,
}

/** Two mergers of two provinces, and two ministries: seconds. */
export const smallCountry: CountrySize = {
  provinces: 4,
  ministries: 2,
  districts: 20,
  communes: 100,
  communesAfter: 33,
  organisations: 1_250,
}

/** A node with what it announces: both those that close with the day and those that open. */
export interface Unit {
  readonly id: NodeId
  readonly tier: string
  readonly parent: NodeId | null
  /** Codes it is given beside its own. */
  readonly delegates: OrganId[]
  readonly organisations: AnnouncedOrganisation[]
}

export interface Country {
  /** Parents first. */
  readonly units: readonly Unit[]
  /** Nodes that go on under another parent. */
  readonly rejoining: readonly { readonly node: NodeId; readonly to: NodeId }[]
  /** Nodes that leave, and whose node keeps what is left of their organisations. */
  readonly leaving: readonly { readonly node: NodeId; readonly heir: NodeId }[]
}

const root = 'G22'
const lastDay = '2025-06-30'
const firstDay = '2025-07-01'
/** Midnight in Vietnam, ms. */
export const reformAt = Date.parse(`${firstDay}T00:00:00+07:00`)
/** Of the offices, how many in a hundred belong to communes and to districts; the rest to provinces and ministries. */
const officeShares = { communes: 79, districts: 12 }
const sheet = new URL('../../../packages/core/test/fixtures/level1-organisations.csv', import.meta.url)

interface LevelOne {
  readonly code: string
  readonly tier: string
  readonly successor: string
}

function levelOne(): readonly LevelOne[] {
  const { rows } = readCsv(readFileSync(sheet, 'utf8'))
  return rows.slice(1).map(({ cells: [code = '', , tier = '', , successor = ''] }) => ({ code, tier, successor }))
}

/** Whole mergers, in the order of the codes of today, as long as they fit. */
function provincesOf(all: readonly LevelOne[], count: number): readonly LevelOne[] {
  const provinces = all.filter(({ tier }) => tier === 'province')
  const chosen: LevelOne[] = []
  for (const today of provinces.filter(({ successor }) => successor === '')) {
    const merging = provinces.filter(({ code, successor }) => code === today.code || successor === today.code)
    if (chosen.length + merging.length <= count) chosen.push(...merging)
  }
  return chosen
}

export function drawCountry(size: CountrySize): Country {
  const all = levelOne()
  const provinces = provincesOf(all, size.provinces)
  const ministries = all.filter(({ code, tier }) => tier === 'central' && code !== root).slice(0, size.ministries)
  const above = 1 + provinces.length + ministries.length
  const offices = size.organisations - above - size.districts - size.communes
  const each = {
    commune: Math.floor((offices * officeShares.communes) / 100 / size.communes),
    district: Math.floor((offices * officeShares.districts) / 100 / size.districts),
  }
  const left = offices - each.commune * size.communes - each.district * size.districts
  const officesAbove = (index: number) => share(left, above, index)

  const units: Unit[] = [openUnit({ id: root, tier: 'trung ương', parent: null }, officesAbove(0))]
  const rejoining: { node: NodeId; to: NodeId }[] = []
  const leaving: { node: NodeId; heir: NodeId }[] = []
  const taken: { from: NodeId; by: NodeId }[] = []
  for (const [index, { code }] of ministries.entries()) {
    units.push(openUnit({ id: code, tier: 'bộ', parent: root }, officesAbove(1 + index)))
  }
  for (const [index, { code, successor }] of provinces.entries()) {
    const today = successor === '' ? code : successor
    const place = { id: code, tier: 'tỉnh', parent: root }
    const count = officesAbove(1 + ministries.length + index)
    const province = successor === '' ? openUnit(place, count) : closingUnit(place, count, () => today)
    units.push(province)
    if (successor !== '') leaving.push({ node: code, heir: today })
    const communes: Unit[] = []
    const districtOf = new Map<NodeId, Unit>()
    const districts = share(size.districts, provinces.length, index)
    const ofProvince = share(size.communes, provinces.length, index)
    for (let d = 0; d < districts; d++) {
      const id = `${code}.${padded(d + 1, 2)}`
      const district = closingUnit({ id, tier: 'huyện', parent: code }, each.district, () => today)
      units.push(district)
      districtOf.set(id, district)
      if (successor !== '') taken.push({ from: id, by: today })
      leaving.push({ node: id, heir: today })
      for (let c = 0; c < share(ofProvince, districts, d); c++) {
        communes.push(bareUnit({ id: `${id}.${padded(c + 1, 3)}`, tier: 'xã', parent: id }))
      }
    }
    const after = share(size.communesAfter, provinces.length, index)
    for (let group = 0; group < after; group++) {
      const merging = communes.slice(...bounds(communes.length, after, group))
      const [first] = merging
      if (first === undefined) continue
      const opens = `${today}.C${code.slice(1)}${padded(group + 1, 3)}`
      for (const unit of merging) {
        unit.organisations.push(...closing(unit.id, each.commune, (office) => below(opens, office)))
        if (unit !== first) leaving.push({ node: unit.id, heir: first.id })
      }
      first.organisations.push(...opening(opens, today, each.commune))
      first.delegates.push(opens)
      rejoining.push({ node: first.id, to: today })
      // What opens is given down the tree of the eve, so that all know of it before the day.
      districtOf.get(first.parent ?? '')?.delegates.push(opens)
      province.delegates.push(opens)
    }
    units.push(...communes)
  }
  // What lay in a province that closes is given to the one that takes over, within what the former has still.
  for (const { from, by } of taken) units.find(({ id }) => id === by)?.delegates.push(from)
  // Districts first: a node leaves after what lies below it.
  return { units, rejoining, leaving: leaving.toReversed() }
}

type Place = Pick<Unit, 'id' | 'tier' | 'parent'>

function bareUnit(place: Place): Unit {
  return { ...place, delegates: [], organisations: [] }
}

function openUnit(place: Place, offices: number): Unit {
  const parent = place.parent === root ? root : null
  return { ...bareUnit(place), organisations: organisationsOf(place.id, offices, { parent }) }
}

function closingUnit(place: Place, offices: number, successor: (office: number) => OrganId): Unit {
  return { ...bareUnit(place), organisations: closing(place.id, offices, successor) }
}

function closing(id: OrganId, offices: number, successor: (office: number) => OrganId): AnnouncedOrganisation[] {
  return organisationsOf(id, offices, { parent: null }).map((organisation, office) => ({
    ...organisation,
    validTo: lastDay,
    successors: [successor(office)],
  }))
}

function opening(id: OrganId, parent: OrganId, offices: number): AnnouncedOrganisation[] {
  return organisationsOf(id, offices, { parent }).map((organisation) => ({ ...organisation, validFrom: firstDay }))
}

/** The unit itself, and its offices. */
function organisationsOf(
  id: OrganId,
  offices: number,
  { parent }: { parent: OrganId | null },
): AnnouncedOrganisation[] {
  return Array.from({ length: offices + 1 }, (_, office) => ({
    id: below(id, office),
    name: office === 0 ? `Cơ quan ${id}` : `Phòng ${office} của ${id}`,
    parent: office === 0 ? parent : id,
  }))
}

function below(id: OrganId, office: number): OrganId {
  return office === 0 ? id : `${id}.S${padded(office, 2)}`
}

function padded(number: number, width: number): string {
  return String(number).padStart(width, '0')
}

/** The part of `total` that falls to the one at `index` of `count`, so that all parts make the total. */
function share(total: number, count: number, index: number): number {
  const [from, to] = bounds(total, count, index)
  return to - from
}

function bounds(total: number, count: number, index: number): [from: number, to: number] {
  return [Math.floor((total * index) / count), Math.floor((total * (index + 1)) / count)]
}
