/**
 * Organisations of a directory at one instant, found by any of their written codes.
 *
 * A code is understood in this order, and the first that fits is the answer:
 *
 *   1. listed         one of an organisation's three codes; an id outranks a code given out anew
 *   2. successor      it has closed: whoever stands for it now
 *   3. by position    nothing lists it: the nearest listed prefix (new form) or superior (old form)
 *   4. converted      the same again in the other written form
 */
import type { Directory, Organisation } from './directory.ts'
import { directoryFault } from './directory-fault.ts'
import type { NodeId, OrganId } from './document.ts'
import { formerNodesAt, formerPeriods } from './former-nodes.ts'
import { type Addressed, ruledTo } from './new-documents.ts'
import { impliedAncestors, lookupKey, toNewForm, toOldForm } from './organisation-code.ts'
import { type Changes, changesAt, overlap, periodOf, phaseOf } from './period.ts'
import { findHeirs, type Listed } from './succession.ts'

/** How a written code was understood. `organ` is open at the index's instant. */
export type Resolution =
  | {
      readonly found: true
      readonly organ: OrganId
      readonly node: NodeId
      /** `successor`: the organisation written closed and this one took over. The last three are guesses. */
      readonly by: 'code' | 'successor' | 'prefix' | 'zeroing' | 'converted'
      /** For `successor`: last day of the one that closed. */
      readonly validTo?: string
    }
  | NotFound

/** Why a written code leads to nobody. */
export type NotFound =
  | { readonly found: false; readonly code: 'RECEIVER_UNKNOWN' }
  /** Several took over, and no rule says which: the sender must decide, or it waits where the split one was. */
  | {
      readonly found: false
      readonly code: 'RECEIVER_SPLIT'
      /** The one that was split. */
      readonly organ: OrganId
      readonly candidates: readonly OrganId[]
      readonly validTo: string
      readonly waits: boolean
    }
  /** One took over, and wants to be addressed itself. */
  | {
      readonly found: false
      readonly code: 'RECEIVER_REPLACED'
      readonly successor: OrganId
      readonly node: NodeId
      readonly name: string
      readonly validTo: string
    }
  | { readonly found: false; readonly code: 'RECEIVER_CLOSED'; readonly validTo: string }
  | { readonly found: false; readonly code: 'RECEIVER_NOT_YET'; readonly validFrom: string }

export interface OrganisationIndex {
  /** `from`: who writes, for a recipient that was split by rules. */
  resolve(code: string, from?: OrganId): Resolution
  /** The organisation that lists this code, open or not; null when none does. */
  listed(code: string): Organisation | null
  /** In whose mailbox, and at which node, what is addressed to a listed code stands now; null when nothing lists it. */
  keeperOf(code: string, about?: Addressed): Keeper | null
  /** Closed organisations for which this one stands now, alone or with others, by its id. */
  predecessorsOf(organ: OrganId): readonly OrganId[]
  /** Nodes that may send and give receipts in the name of a listed code, see `RoutingTable`. */
  speakersOf(code: string): readonly NodeId[]
  /** The organisation a directory means by a code in its own entries: the same on any day. */
  meant(code: string): Organisation | null
  /** Who stands now for the organisation a directory means: itself, its successors, or nobody. null for an unknown code. */
  standingFor(code: string): readonly OrganId[] | null
  /** Ids of the organisations open now, in the directory's order. */
  readonly open: readonly OrganId[]
  /** When the answers changed before the instant, and when they change next. */
  readonly changes: Changes
}

/** Whose mailbox, at which node. */
export interface Keeper {
  readonly organ: OrganId
  readonly node: NodeId
}

/** The codes an organisation has beside its id. */
export function otherCodesOf({ oldCode, code102 }: Pick<Organisation, 'oldCode' | 'code102'>): readonly string[] {
  if (oldCode === undefined) return code102 === undefined ? none : [code102]
  return code102 === undefined ? [oldCode] : [oldCode, code102]
}

interface Entry extends Listed {
  answer: Resolution
}

const none: readonly string[] = []
const unknownReceiver: NotFound = { found: false, code: 'RECEIVER_UNKNOWN' }

/**
 * A directory that is valid on one day is valid on every day. Throws RelayError DIRECTORY_INVALID for an id twice, another code that two organisations have at
 * the same time, a day that does not exist, and successors that lead nowhere (see `findHeirs`).
 */
export function indexOrganisations(directory: Directory, at: number): OrganisationIndex {
  const { all, entries, fixed } = entriesOf(directory.organisations, at)
  const meant = (code: string) => {
    const key = lookupKey(code)
    return fixed.get(key) ?? entries.get(key)
  }
  const heirs = findHeirs(all, meant, at)
  for (const entry of all) entry.answer = answerOf(entry, heirs.get(entry) ?? [], at)
  const changes = changesAt(
    all.flatMap(({ period, organisation }) =>
      organisation.formerNodes === undefined ? period : [period, ...formerPeriods(organisation)],
    ),
    at,
  )
  // Codes are nearly always written as listed: one probe. Only a miss pays for the canonical form.
  const find = (code: string) => entries.get(code) ?? entries.get(lookupKey(code))
  /** By its own parents in the directory, or by what the code itself says. */
  const isAtOrBelow = (code: string, top: OrganId) => {
    const key = lookupKey(top)
    const seen = new Set<string>()
    for (let above: string | null = code; above !== null && !seen.has(above); ) {
      seen.add(above)
      if (lookupKey(above) === key || impliedAncestors(above).keys.includes(key)) return true
      above = find(above)?.organisation.parent ?? null
    }
    return false
  }
  /** The successor of a split one that a person or a rule names, when it is split at this instant. */
  const ruled = (entry: Entry | undefined, about: Addressed): Entry | undefined => {
    if (entry === undefined || entry.answer.found || entry.answer.code !== 'RECEIVER_SPLIT') return undefined
    const { candidates } = entry.answer
    const chosen = about.chosen === undefined ? undefined : meant(about.chosen.heir)
    // One that stands for it no more leaves what it got undecided.
    const still =
      standingFor(chosen?.answer)?.every((organ) => candidates.includes(organ)) === true ? chosen : undefined
    if (still !== undefined && about.chosen?.byHand === true) return still
    const to = ruledTo(entry.organisation.splitRules ?? [], about, isAtOrBelow)
    return to === null ? still : meant(to)
  }
  return {
    resolve(code, from) {
      const answer = find(code)?.answer ?? guess(code, entries)
      if (answer.found || answer.code !== 'RECEIVER_SPLIT') return answer
      const chosen = ruled(find(answer.organ), { to: code, ...(from === undefined ? {} : { from }) })?.answer
      if (chosen === undefined) return answer
      return chosen.found ? { ...chosen, by: 'successor', validTo: answer.validTo } : chosen
    },
    listed: (code) => find(code)?.organisation ?? null,
    keeperOf(code, about) {
      const entry = find(code)
      if (entry === undefined) return null
      return keeperOf((about === undefined ? undefined : ruled(entry, about)) ?? entry)
    },
    predecessorsOf: predecessorsIn(heirs),
    speakersOf(code) {
      const entry = find(code)
      if (entry === undefined) return none
      const { answer, organisation: own } = entry
      const split = !answer.found && answer.code === 'RECEIVER_SPLIT'
      const keepers = split ? answer.candidates : [keeperOf(entry).organ]
      const others = keepers.flatMap((organ) => entries.get(lookupKey(organ))?.organisation ?? [])
      if (others[0] === own && own.formerNodes === undefined) return [own.node]
      const former = [own, ...others].flatMap((each) => formerNodesAt(each, at))
      return [...new Set([own.node, ...others.map(({ node }) => node), ...former])]
    },
    meant: (code) => meant(code)?.organisation ?? null,
    standingFor: (code) => standingFor(meant(code)?.answer),
    open: all.filter(({ period }) => phaseOf(period, at) === 'open').map(({ organisation }) => organisation.id),
    changes,
  }
}

interface Entries {
  readonly all: readonly Entry[]
  readonly entries: ReadonlyMap<string, Entry>
  /** For codes that several have: whom the directory's own entries mean, on any day. */
  readonly fixed: ReadonlyMap<string, Entry>
}

function entriesOf(organisations: readonly Organisation[], at: number): Entries {
  const entries = new Map<string, Entry>()
  const all = organisations.map((organisation): Entry => {
    const entry = { organisation, period: periodOf(organisation), answer: unknownReceiver }
    const key = lookupKey(organisation.id)
    if (entries.has(key)) throw directoryFault('code twice', organisation.id)
    entries.set(key, entry)
    return entry
  })
  const contested = new Map<string, Contest>()
  for (const entry of all) {
    for (const code of otherCodesOf(entry.organisation)) {
      const key = lookupKey(code)
      const holder = entries.get(key)
      if (holder === undefined) entries.set(key, entry)
      else if (holder !== entry) {
        const contest = contested.get(key) ?? { holder, others: new Set() }
        contested.set(key, contest)
        contest.others.add(entry)
      }
    }
  }
  const fixed = new Map<string, Entry>()
  for (const [key, contest] of contested) {
    const { now, always } = ownersOf(key, contest, at)
    entries.set(key, now)
    fixed.set(key, always)
  }
  return { all, entries, fixed }
}

/** A code that several list; an owner by id is the holder. */
interface Contest {
  readonly holder: Entry
  readonly others: Set<Entry>
}

/**
 * A code that was given out anew. Its owner by id has it, but until that one opens whoever had it before.
 * Others have it one after the other, each from the day it opens.
 */
function ownersOf(key: string, { holder, others }: Contest, at: number): { now: Entry; always: Entry } {
  const byId = lookupKey(holder.organisation.id) === key
  const inTurn = [...(byId ? [] : [holder]), ...others].sort((a, b) => (a.period.from < b.period.from ? -1 : 1))
  for (const [index, { period }] of inTurn.entries()) {
    const next = inTurn[index + 1]
    if (next !== undefined && overlap(period, next.period)) throw directoryFault('code twice', key)
  }
  const begun = ({ period }: Entry) => phaseOf(period, at) !== 'early'
  const always = byId ? holder : (inTurn.at(-1) ?? holder)
  const now = byId && begun(holder) ? holder : (inTurn.findLast(begun) ?? (byId ? holder : inTurn[0]))
  return { now: now ?? holder, always }
}

function answerOf({ organisation, period }: Entry, heirs: readonly Entry[], at: number): Resolution {
  const { id, node, validFrom = '', validTo = '', newDocuments } = organisation
  const phase = phaseOf(period, at)
  if (phase === 'open') return { found: true, organ: id, node, by: 'code' }
  if (phase === 'early') return { found: false, code: 'RECEIVER_NOT_YET', validFrom }
  const [heir, other] = heirs
  if (heir === undefined) return { found: false, code: 'RECEIVER_CLOSED', validTo }
  if (other === undefined && newDocuments === 'return') {
    const { id: successor, node: keeper, name } = heir.organisation
    return { found: false, code: 'RECEIVER_REPLACED', successor, node: keeper, name, validTo }
  }
  if (other === undefined) {
    return { found: true, organ: heir.organisation.id, node: heir.organisation.node, by: 'successor', validTo }
  }
  const candidates = heirs.map((each) => each.organisation.id)
  return { found: false, code: 'RECEIVER_SPLIT', organ: id, candidates, validTo, waits: newDocuments === 'hold' }
}

/** Worked out when first asked: most tables never are. */
function predecessorsIn(heirs: ReadonlyMap<Entry, readonly Entry[]>): OrganisationIndex['predecessorsOf'] {
  let known: Map<OrganId, OrganId[]> | null = null
  return (organ) => {
    if (known === null) {
      known = new Map()
      for (const [{ organisation }, ends] of heirs) {
        for (const end of ends) {
          const before = known.get(end.organisation.id)
          if (before === undefined) known.set(end.organisation.id, [organisation.id])
          else before.push(organisation.id)
        }
      }
    }
    return known.get(organ) ?? none
  }
}

/** Its heir's when it has closed and left exactly one, else its own. */
function keeperOf({ answer, organisation: { id, node } }: Entry): Keeper {
  if (answer.found) return { organ: answer.organ, node: answer.node }
  return answer.code === 'RECEIVER_REPLACED' ? { organ: answer.successor, node: answer.node } : { organ: id, node }
}

function standingFor(answer: Resolution | undefined): readonly OrganId[] | null {
  if (answer === undefined) return null
  if (answer.found) return [answer.organ]
  if (answer.code === 'RECEIVER_REPLACED') return [answer.successor]
  return answer.code === 'RECEIVER_SPLIT' ? answer.candidates : []
}

/** For codes nothing lists. What the code itself says comes before its other written form, whose numbers may be given out anew. */
function guess(code: string, entries: ReadonlyMap<string, Entry>): Resolution {
  const { by, keys } = impliedAncestors(code)
  const near = nearest(keys, by, entries)
  if (near !== null) return near
  const converted = toNewForm(code) ?? toOldForm(code)
  if (converted === null) return unknownReceiver
  return nearest([converted, ...impliedAncestors(converted).keys], 'converted', entries) ?? unknownReceiver
}

/** The first that leads somewhere. A split one is not passed over: its superior is not who was meant. */
function nearest(
  keys: readonly string[],
  by: 'prefix' | 'zeroing' | 'converted',
  entries: ReadonlyMap<string, Entry>,
): Resolution | null {
  for (const key of keys) {
    const answer = entries.get(key)?.answer
    if (answer?.found === true) return { found: true, organ: answer.organ, node: answer.node, by }
    if (answer?.code === 'RECEIVER_SPLIT') return answer
  }
  return null
}
