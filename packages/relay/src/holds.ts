/** The holds of this node as origin: core's rule, and the one place that remembers it. */
import {
  dueProbes,
  type Hold,
  hurryHolds,
  isHeld,
  type Lane,
  type NodeId,
  nextProbeAt,
  releaseHold,
  startHold,
} from '@lienthong/core'

export interface Holds {
  has(node: NodeId, lane: Lane): boolean
  readonly list: readonly Hold[]
  hold(start: Pick<Hold, 'node' | 'lane' | 'about'>, now: number): void
  /** Probes due now; the next time of each is set. */
  due(now: number): readonly Hold[]
  /** When the next probe is due, ms; null without holds. */
  readonly nextAt: number | null
  /** True when this lane was held. */
  release(node: NodeId, lane: Lane): boolean
  /** A way reopened: probe at once. */
  hurry(now: number): void
}

/** `onHeld`: a probe will be due that was not. */
export function createHolds(onHeld: () => void = () => undefined): Holds {
  let holds: readonly Hold[] = []
  return {
    has: (node, lane) => isHeld(holds, node, lane),
    get list() {
      return holds
    },
    hold(start, now) {
      const before = holds
      holds = startHold(holds, { ...start, now })
      if (holds !== before) onHeld()
    },
    due(now) {
      const probes = dueProbes(holds, now)
      holds = probes.holds
      return probes.due
    },
    get nextAt() {
      return nextProbeAt(holds)
    },
    release(node, lane) {
      const before = holds
      holds = releaseHold(holds, node, lane)
      return holds !== before
    },
    hurry(now) {
      holds = hurryHolds(holds, now)
    },
  }
}
