/**
 * The state of a link to the parent, as a pure machine: a set of reasons why it is not fully open, and the phase that
 * follows from it. The phase is derived, never stored.
 *
 * ```
 *             start                 confirm                     every reason gone
 *   closed ───────────▶ opening ─────────────▶ stalled ◀──────────────────────────▶ open
 *     ▲                  ▲  ▲                    │ ▲         receiver-down,           │
 *     │ stop             │  │ sender-down,       │ │ unblocked  canary-missing,       │
 *     │ (from anywhere)  │  │ confirm late       │ │            hello-unreadable      │
 *     │                  │  └────────────────────┴─┼──────────────────────────────────┤
 *     │                  │ sender-down             │                                  │
 *     │                  └────────────────────── blocked ◀────────────────────────────┘
 *     │                                                       connection.blocked
 * ```
 *
 * `opening`: nothing can be said to reach the broker: the publishing connection is down, or up and without a confirm
 * yet. `blocked`: the broker said that it does not read (memory, disk). `stalled`: publishing works and goes on, but
 * the way back does not: an alarm. Every reason is lifted by traffic alone; none needs a restart.
 */
export const linkPhases = ['closed', 'opening', 'open', 'stalled', 'blocked'] as const
export type LinkPhase = (typeof linkPhases)[number]

/** Why a link is not `open`, most severe first. */
export const linkReasons = [
  'sender-down',
  'blocked',
  'unproven',
  'receiver-down',
  'canary-missing',
  'hello-unreadable',
] as const
export type LinkReason = (typeof linkReasons)[number]

/** Why the link to a child is not, as far as its parent can see. */
export const childReasons = ['never-heard', 'silent'] as const

export interface LinkState {
  /** False before `start` and after `stop`. */
  readonly wanted: boolean
  /** Ascending in the order of `linkReasons`, each once. */
  readonly reasons: readonly LinkReason[]
}

export const linkEvents = [
  'start',
  'stop',
  'sender-up',
  'sender-down',
  'receiver-up',
  'receiver-down',
  /** The parent's broker has a message of ours on disk. */
  'confirmed',
  /** A confirm did not come in time. */
  'confirm-late',
  'blocked',
  'unblocked',
  'canary-returned',
  'canary-missing',
  'hello-read',
  'hello-unreadable',
] as const
export type LinkEvent = (typeof linkEvents)[number]

export const closedLink: LinkState = { wanted: false, reasons: [] }

const effects: Readonly<
  Record<
    Exclude<LinkEvent, 'start' | 'stop'>,
    { readonly add?: readonly LinkReason[]; readonly lift?: readonly LinkReason[] }
  >
> = {
  'sender-up': { lift: ['sender-down'] },
  // A new connection starts unblocked and without a record of its canaries.
  'sender-down': { add: ['sender-down', 'unproven'], lift: ['blocked', 'canary-missing'] },
  'receiver-up': { lift: ['receiver-down'] },
  'receiver-down': { add: ['receiver-down'] },
  confirmed: { lift: ['unproven'] },
  'confirm-late': { add: ['unproven'] },
  blocked: { add: ['blocked'] },
  unblocked: { lift: ['blocked'] },
  'canary-returned': { lift: ['canary-missing'] },
  'canary-missing': { add: ['canary-missing'] },
  'hello-read': { lift: ['hello-unreadable'] },
  'hello-unreadable': { add: ['hello-unreadable'] },
}

/** The only function that changes a link's state. Returns the same object when nothing changes. */
export function advanceLink(state: LinkState, event: LinkEvent): LinkState {
  if (event === 'start') {
    return state.wanted ? state : { wanted: true, reasons: ['sender-down', 'unproven', 'receiver-down'] }
  }
  if (event === 'stop') return state.wanted ? closedLink : state
  if (!state.wanted) return state
  // What a connection that has ended still reports proves nothing about the next one.
  if (state.reasons.includes('sender-down') && aboutSender.has(event)) return state
  const { add = [], lift = [] } = effects[event]
  const reasons = linkReasons.filter(
    (reason) => add.includes(reason) || (state.reasons.includes(reason) && !lift.includes(reason)),
  )
  const same = reasons.length === state.reasons.length && reasons.every((reason, at) => reason === state.reasons[at])
  return same ? state : { wanted: true, reasons }
}

const aboutSender: ReadonlySet<LinkEvent> = new Set([
  'confirmed',
  'confirm-late',
  'blocked',
  'unblocked',
  'canary-missing',
])

/** The phase that follows from the reasons. */
export function linkPhase(state: LinkState): LinkPhase {
  if (!state.wanted) return 'closed'
  const [worst] = state.reasons
  if (worst === undefined) return 'open'
  switch (worst) {
    case 'blocked':
      return 'blocked'
    case 'sender-down':
    case 'unproven':
      return 'opening'
    case 'receiver-down':
    case 'canary-missing':
    case 'hello-unreadable':
      return 'stalled'
  }
}

/** True when frames may be published. */
export function linkUsable(state: LinkState): boolean {
  const phase = linkPhase(state)
  return phase === 'open' || phase === 'stalled'
}
