/**
 * Holds: what an origin does not send for now.
 *
 * `deferred LINK_FULL` says that a queue on the way to a serving node takes nothing in one lane. The
 * origin then sends nothing more to that (serving node, lane) but a probe – one query about one
 * document – until a probe is answered. Holds are plain data, never changed in place; they may be
 * forgotten in a crash, the next deferral brings them back.
 */
import type { Lane, NodeId } from './document.ts'

export interface Hold {
  readonly node: NodeId
  readonly lane: Lane
  /** The document the probe asks about. */
  readonly about: { readonly uid: string; readonly generation: number }
  /** Probes sent so far. */
  readonly probes: number
  /** When the next probe goes out, ms. */
  readonly nextAt: number
}

export interface ProbeTiming {
  /** @default 1_000 */
  readonly firstMs: number
  /** @default 60_000 */
  readonly maxMs: number
}
export const defaultProbeTiming: ProbeTiming = { firstMs: 1_000, maxMs: 60_000 }

export function isHeld(holds: readonly Hold[], node: NodeId, lane: Lane): boolean {
  return holds.some((hold) => hold.node === node && hold.lane === lane)
}

/** Adds a hold; one that runs already stays as it is. */
export function startHold(
  holds: readonly Hold[],
  start: Pick<Hold, 'node' | 'lane' | 'about'> & { readonly now: number },
  timing: ProbeTiming = defaultProbeTiming,
): readonly Hold[] {
  const { node, lane, about, now } = start
  return isHeld(holds, node, lane) ? holds : [...holds, { node, lane, about, probes: 0, nextAt: now + timing.firstMs }]
}

/** The holds to probe now, and all holds with the next time of those: firstMs × 2^probes, at most maxMs. */
export function dueProbes(
  holds: readonly Hold[],
  now: number,
  timing: ProbeTiming = defaultProbeTiming,
): { readonly due: readonly Hold[]; readonly holds: readonly Hold[] } {
  const due = holds.filter((hold) => hold.nextAt <= now)
  if (due.length === 0) return { due, holds }
  return { due, holds: holds.map((hold) => (hold.nextAt <= now ? probed(hold, now, timing) : hold)) }
}

/** When the next probe goes out, ms; null without holds. */
export function nextProbeAt(holds: readonly Hold[]): number | null {
  return holds.length === 0 ? null : Math.min(...holds.map(({ nextAt }) => nextAt))
}

/** Ends the hold of one lane: a query in that lane was answered, or there is nothing left to ask about. */
export function releaseHold(holds: readonly Hold[], node: NodeId, lane: Lane): readonly Hold[] {
  return isHeld(holds, node, lane) ? holds.filter((hold) => hold.node !== node || hold.lane !== lane) : holds
}

/** A way reopened: probe at once. */
export function hurryHolds(holds: readonly Hold[], now: number): readonly Hold[] {
  return holds.map((hold) => (hold.nextAt > now ? { ...hold, nextAt: now } : hold))
}

function probed(hold: Hold, now: number, timing: ProbeTiming): Hold {
  const probes = hold.probes + 1
  return { ...hold, probes, nextAt: now + Math.min(timing.firstMs * 2 ** probes, timing.maxMs) }
}
