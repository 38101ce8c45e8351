/**
 * How far a recipient has come with a document, from the business statuses heard about it (edXML 01 … 16).
 *
 *   (none) ─▶ 01 arrived ─▶ 03 accepted ─▶ 04 assigned ─▶ 05 processing ─▶ 06 finished
 *      └──────────┴──────▶ 02 refused ◀────────┴───────────────┘
 *
 *   (none) ─▶ 13 taken back, or a recall or update ─▶ 15 agreed | 16 declined ─▶ 13 again …
 *
 * Steps are skipped, repeated and overtaken on the way, so a status is a word to be kept, never a command:
 *
 * - what is shown is the furthest step heard of, whatever the order and however often;
 * - 02 and 06 end it. A document may be returned after it was accepted, so 02 stands above all but 06;
 * - only sending the document again starts anew: a state belongs to one generation of one recipient;
 * - codes nobody knows (07 … 12, 14, 103) are kept and decide nothing.
 *
 * Not here: how a document gets there (`custody.ts`); those states are another machine.
 */

export const statusCodes = {
  arrived: 1,
  refused: 2,
  accepted: 3,
  assigned: 4,
  processing: 5,
  finished: 6,
  /** Said by the sender of the document, all others by its recipient. */
  takeBack: 13,
  changeAgreed: 15,
  changeDeclined: 16,
} as const

/** One status as heard. */
export interface StatusReport {
  readonly code: number
  /** When this node heard or sent it, ms by its own clock. */
  readonly at: number
  /** The reason of a refusal, for instance. */
  readonly description: string | null
}

/** What became of the wish to take back, recall or update a document. After `declined` it may be asked again. */
export type ChangeState = 'asked' | 'agreed' | 'declined'

export interface BusinessState {
  /** The furthest step, and the first word of it. */
  readonly reached: StatusReport | null
  readonly change: ChangeState | null
  /** Each report once, in order of time. */
  readonly history: readonly StatusReport[]
}

export const noStatus: BusinessState = { reached: null, change: null, history: [] }

/** Steps in their order; the last two end it. */
const steps: readonly number[] = [
  statusCodes.arrived,
  statusCodes.accepted,
  statusCodes.assigned,
  statusCodes.processing,
  statusCodes.refused,
  statusCodes.finished,
]

/** What is said about a change, the later entry standing when two are heard in one instant. */
const changes: readonly (readonly [number, ChangeState])[] = [
  [statusCodes.takeBack, 'asked'],
  [statusCodes.changeDeclined, 'declined'],
  [statusCodes.changeAgreed, 'agreed'],
]

/** The state with one more report; the same object when it was heard before. Any order of the same reports gives the same state. */
export function applyStatus(state: BusinessState, report: StatusReport): BusinessState {
  const place = state.history.findIndex((known) => byTime(known, report) >= 0)
  const at = place < 0 ? state.history.length : place
  const there = state.history[at]
  if (there !== undefined && byTime(there, report) === 0) return state
  const history = [...state.history.slice(0, at), report, ...state.history.slice(at)]
  return { reached: furtherStatus(state.reached, report), change: changeIn(history), history }
}

/** Of two reports the one of the further step, of equal steps the earlier; null when neither is a step. */
export function furtherStatus(known: StatusReport | null, heard: StatusReport): StatusReport | null {
  const step = steps.indexOf(heard.code)
  if (step < 0) return known
  if (known === null) return heard
  const before = steps.indexOf(known.code)
  if (step !== before) return step > before ? heard : known
  return byTime(heard, known) < 0 ? heard : known
}

function changeIn(history: readonly StatusReport[]): ChangeState | null {
  let last: { readonly at: number; readonly rank: number } | null = null
  for (const { code, at } of history) {
    const rank = changes.findIndex(([known]) => known === code)
    if (rank >= 0 && (last === null || at > last.at || rank > last.rank)) last = { at, rank }
  }
  return last === null ? null : (changes[last.rank]?.[1] ?? null)
}

function byTime(a: StatusReport, b: StatusReport): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.code !== b.code) return a.code - b.code
  if (a.description === b.description) return 0
  if (a.description === null || b.description === null) return a.description === null ? -1 : 1
  return a.description < b.description ? -1 : 1
}
