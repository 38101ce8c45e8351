/** Who has a document, from what the nodes on its way say of it and from who says nothing. */
import type { NodeId, OrganId } from './document.ts'
import type { Sighting, Standing, WayLink } from './enquiry.ts'

/**
 * - `waiting`: in the outbox of its origin. - `on-link`: sent by `holder`, and `next` has not seen it.
 * - `in-hand`: it came to `holder` and has not left it. - `dropped`: `from` could not pass it on; `holder`, its origin,
 *   keeps it and sends it again. - `delivered`: in the mailbox, not collected.
 * - `dead`: kept by `holder` as a dead letter. - `unseen`: nobody on the way knows it any more.
 */
export const documentPlaces = [
  'waiting',
  'in-hand',
  'on-link',
  'dropped',
  'dead',
  'delivered',
  'collected',
  'undeliverable',
  'stopped',
  'unseen',
] as const
export type DocumentPlace = (typeof documentPlaces)[number]

export interface Whereabouts {
  readonly place: DocumentPlace
  /** The last node that has it; null for `unseen`. */
  readonly holder: NodeId | null
  /** The hop it waits before, when it waits before one. */
  readonly from: NodeId | null
  readonly next: NodeId | null
  readonly since: number | null
  readonly code: string | null
  readonly part: Sighting['part']
  /** The link from `from` to `next`, as `from` sees it. */
  readonly link: WayLink | null
  /** False: a node behind it answers, but has forgotten what it saw at that time. */
  readonly certain: boolean
  /** Nodes on the way that did not answer, in its order. */
  readonly silent: readonly NodeId[]
}

/** What the nodes said: null from one that was asked and did not answer in time. */
export type Answers = ReadonlyMap<NodeId, Standing | null>

/** The nodes from `way`'s first on, each the one that the node before says is next, or else the next of `way`. */
export function chainOf(organ: OrganId, way: readonly NodeId[], answers: Answers): readonly NodeId[] {
  const chain: NodeId[] = []
  let at = way[0]
  while (at !== undefined && !chain.includes(at)) {
    chain.push(at)
    const own = wayFrom(answers.get(at), organ)
    if (own?.next === null) break
    const place = way.indexOf(at)
    at = own?.next ?? (place < 0 ? undefined : way[place + 1])
  }
  return chain
}

/** The first hop of a chain that does not carry: the node before it and the one that is silent. null: all answer. */
export function brokenHop(
  chain: readonly NodeId[],
  answers: Answers,
): { readonly from: NodeId | null; readonly to: NodeId } | null {
  const silent = chain.findIndex((node) => (answers.get(node) ?? null) === null)
  const to = chain[silent]
  return to === undefined ? null : { from: chain[silent - 1] ?? null, to }
}

export function whereIs(organ: OrganId, way: readonly NodeId[], answers: Answers): Whereabouts {
  const chain = chainOf(organ, way, answers)
  const silent = chain.filter((node) => (answers.get(node) ?? null) === null)
  const seen = chain.flatMap((node, place): readonly Seen[] => {
    const standing = answers.get(node)
    const sighting = standing?.sightings.find((each) => each.organ === organ)
    const behind = chain[place + 1] ?? null
    return sighting === undefined ? [] : [{ node, sighting, behind, way: wayFrom(standing, organ) }]
  })
  const last = seen.at(-1)
  if (last === undefined) return { ...nowhere, silent }
  const found = endOf(seen, chain.at(-1) ?? last.node) ?? lastPlace(last, { origin: chain[0] ?? last.node, answers })
  return { ...found, silent }
}

/** A node that knows the document. */
interface Seen {
  readonly node: NodeId
  readonly sighting: Sighting
  /** The next of the chain. */
  readonly behind: NodeId | null
  readonly way: Standing['ways'][number] | undefined
}

const nowhere: Whereabouts = {
  place: 'unseen',
  holder: null,
  from: null,
  next: null,
  since: null,
  code: null,
  part: null,
  link: null,
  certain: true,
  silent: [],
}

function endOf(seen: readonly Seen[], serving: NodeId): Whereabouts | null {
  const ended = seen.findLast(({ sighting }) => ends.has(sighting.step))
  if (ended === undefined) return null
  // A mailbox is collected from, however much earlier another node heard that it was delivered.
  const { step, at, code, neighbour } =
    seen.find(({ sighting }) => sighting.step === 'collected')?.sighting ?? ended.sighting
  const isThere = step === 'delivered' || step === 'collected'
  return { ...nowhere, place: placeOf(step), holder: isThere ? (neighbour ?? serving) : ended.node, since: at, code }
}

function lastPlace(
  { node, sighting, behind, way }: Seen,
  { origin, answers }: { readonly origin: NodeId; readonly answers: Answers },
): Whereabouts {
  const { at: since, code, part, step } = sighting
  const found = { ...nowhere, place: placeOf(step), holder: step === 'dropped' ? origin : node, since, code, part }
  if (step === 'received' || step === 'dead') return found
  const next = sighting.neighbour ?? way?.next ?? behind
  const link = way?.next === next ? way.link : null
  const heard = next === null ? null : (answers.get(next) ?? null)
  return {
    ...found,
    from: node,
    next,
    link,
    certain: step !== 'sent' || heard === null || heard.rememberedSince <= since,
  }
}

const ends: ReadonlySet<Sighting['step']> = new Set(['delivered', 'collected', 'undeliverable', 'stopped'])

function placeOf(step: Sighting['step']): DocumentPlace {
  if (step === 'sent') return 'on-link'
  return step === 'received' ? 'in-hand' : step
}

function wayFrom(standing: Standing | null | undefined, organ: OrganId): Standing['ways'][number] | undefined {
  return standing?.ways.find(({ organs }) => organs.includes(organ))
}
