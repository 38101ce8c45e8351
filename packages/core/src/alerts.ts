/**
 * When people are told that something is wrong with a node, and when that it is over.
 *
 * ```
 *            bad               bad for so long            good for so long
 *   (none) ───────▶ pending ───────────────────▶ raised ───────────────────▶ over ─────▶ (none)
 *                     │ good for a while           │ ▲                        │ bad: pending again
 *                     ▼                            └─┘ worse, or a day on:    ▼
 *                   (none)                             said again
 * ```
 *
 * - What is bad is said once when it begins, once for each step it gets worse, once a day while it lasts, and once when it is over.
 * - What comes and goes is one trouble: each time it comes back soon after it was over, it must be good twice as long before that is said.
 * - What cannot be known now changes nothing: it is neither bad nor over.
 *
 * Not here: how messages reach people (`alert-queue.ts`).
 */

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/**
 * What can be wrong, and how long it must be before it is said, ms: a restart is no alarm. A kind without such time is
 * measured by a duration or a day already.
 */
export const alertKinds = {
  node: { patienceMs: 2 * minuteMs },
  broker: { patienceMs: 2 * minuteMs },
  link: { patienceMs: 2 * minuteMs },
  queue: { patienceMs: 0 },
  dead: { patienceMs: 0 },
  disk: { patienceMs: 0 },
  key: { patienceMs: 0 },
  certificate: { patienceMs: 0 },
  drift: { patienceMs: hourMs },
  directory: { patienceMs: 0 },
} as const satisfies Record<string, { readonly patienceMs: number }>
export type AlertKind = keyof typeof alertKinds
export const alertKindNames = Object.keys(alertKinds) as readonly AlertKind[]

/** Good for so long before it is over, doubled each time it came back. */
const calmMs = 5 * minuteMs
const longestCalmMs = 2 * hourMs
/** What comes back within this is the same trouble. */
const memoryMs = 6 * hourMs
/** A trouble nobody was told of yet is forgotten when it has been good for so long. */
const pendingCalmMs = 2 * minuteMs

/** How one thing does now. */
export interface AlertObservation {
  readonly kind: AlertKind
  /** Whose: a neighbour, a key, a folder. Empty: the node's. */
  readonly about: string
  /** 0 is good, 1 a warning, from 2 on critical; each step worse is said. null: not known now. */
  readonly grade: number | null
  /** What the sentence of its kind names: seconds, percent, days or a count; null when there is none. */
  readonly value: number | null
  /** Reasons and codes. */
  readonly notes: readonly string[]
}

export interface AlertObservations {
  readonly seen: readonly AlertObservation[]
  /** False: what is not among them may be there all the same. True: it is no more. */
  readonly complete: boolean
}

/** One trouble. Times in ms. */
export interface AlertCondition {
  readonly kind: AlertKind
  readonly about: string
  readonly phase: 'pending' | 'raised' | 'over'
  /** When it turned bad. */
  readonly since: number
  /** Since when it has been good; null while it is bad. */
  readonly goodSince: number | null
  /** The worst grade that was said; 0 before that. */
  readonly told: number
  /** When something was said of it last. */
  readonly saidAt: number
  /** How many times it came back. */
  readonly returns: number
}

export const alertChanges = ['raised', 'worse', 'reminded', 'ended'] as const
export type AlertChange = (typeof alertChanges)[number]

/** What is to be said of one trouble. */
export interface AlertNews {
  readonly change: AlertChange
  readonly kind: AlertKind
  readonly about: string
  /** The grade now; when it is over, the worst that was said. */
  readonly grade: number
  readonly since: number
  readonly at: number
  readonly value: number | null
  readonly notes: readonly string[]
}

type Step = readonly [condition: AlertCondition | null, news: AlertNews | null]

export interface AlertTiming {
  readonly now: number
  readonly remindAfterMs: number
}

/** What is known after these observations, and what is to be said, worst first. The same conditions when nothing changed. */
export function watchAlerts(
  conditions: readonly AlertCondition[],
  { seen, complete }: AlertObservations,
  timing: AlertTiming,
): { readonly conditions: readonly AlertCondition[]; readonly news: readonly AlertNews[] } {
  const keyOf = ({ kind, about }: { readonly kind: AlertKind; readonly about: string }) => `${kind} ${about}`
  const known = new Map(conditions.map((condition) => [keyOf(condition), condition]))
  const observed = new Map(seen.map((observation) => [keyOf(observation), observation]))
  for (const [key, { kind, about }] of known) {
    if (!observed.has(key)) observed.set(key, { kind, about, grade: complete ? 0 : null, value: null, notes: [] })
  }
  const steps = [...observed].map(([key, observation]) => stepOf(known.get(key) ?? null, observation, timing))
  const next = steps.flatMap(([condition]) => condition ?? [])
  const isSame = next.length === conditions.length && next.every((each) => known.get(keyOf(each)) === each)
  return {
    conditions: isSame ? conditions : next,
    news: steps.flatMap(([, news]) => news ?? []).toSorted((a, b) => urgency(b) - urgency(a)),
  }
}

function urgency({ change, grade }: AlertNews): number {
  return change === 'ended' ? 0 : grade
}

function stepOf(before: AlertCondition | null, observation: AlertObservation, timing: AlertTiming): Step {
  const { grade } = observation
  if (grade === null) return [before, null]
  return grade > 0 ? whenBad(before, { ...observation, grade }, timing) : whenGood(before, observation, timing)
}

function whenBad(
  before: AlertCondition | null,
  observation: AlertObservation & { readonly grade: number },
  { now, remindAfterMs }: AlertTiming,
): Step {
  const { grade, kind } = observation
  const condition = badAgain(before, observation, now)
  const say = (change: AlertChange): Step => {
    const told = Math.max(condition.told, grade)
    return [
      { ...condition, phase: 'raised', told, saidAt: now },
      newsOf(condition, { ...observation, change, at: now }),
    ]
  }
  if (condition.phase === 'pending') {
    return now - condition.since >= alertKinds[kind].patienceMs ? say('raised') : [condition, null]
  }
  if (grade > condition.told) return say('worse')
  return now - condition.saidAt >= remindAfterMs ? say('reminded') : [condition, null]
}

function badAgain(before: AlertCondition | null, { kind, about }: AlertObservation, now: number): AlertCondition {
  const fresh = {
    kind,
    about,
    phase: 'pending',
    since: now,
    goodSince: null,
    told: 0,
    saidAt: now,
    returns: 0,
  } as const
  if (before === null) return fresh
  if (before.phase === 'over') return { ...fresh, returns: before.returns + 1 }
  return before.goodSince === null ? before : { ...before, goodSince: null }
}

function whenGood(before: AlertCondition | null, observation: AlertObservation, { now }: AlertTiming): Step {
  if (before === null) return [null, null]
  const { goodSince, phase, returns } = before
  if (goodSince === null) return [{ ...before, goodSince: now }, null]
  const goodMs = now - goodSince
  switch (phase) {
    case 'pending':
      if (goodMs < pendingCalmMs) return [before, null]
      return [returns === 0 ? null : { ...before, phase: 'over', returns: returns - 1 }, null]
    case 'raised': {
      if (goodMs < Math.min(longestCalmMs, calmMs * 2 ** returns)) return [before, null]
      const over = { ...before, phase: 'over', goodSince: now } as const
      return [over, newsOf(before, { ...observation, grade: before.told, change: 'ended', at: now })]
    }
    case 'over':
      return [goodMs < memoryMs ? before : null, null]
  }
}

function newsOf(
  { kind, about, since }: AlertCondition,
  { change, grade, at, value, notes }: Omit<AlertNews, 'kind' | 'about' | 'since'>,
): AlertNews {
  return { change, kind, about, grade, since, at, value, notes }
}
