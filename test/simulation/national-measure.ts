/** What went over which link, against the least that could have: the edges of the smallest tree that joins a document's nodes. */
import type { Core, NodeId } from '@lienthong/core'
import type { Duty, Watch } from './observer.ts'

export interface LinkLoad {
  readonly link: NodeId
  /** Of documents, without envelopes. */
  bytes: number
  segments: number
  signals: number
}

/** Segments that crossed a link, and the least that would have. */
export interface Copies {
  readonly copies: number
  readonly minimum: number
}

export interface Measure extends Watch {
  readonly links: ReadonlyMap<NodeId, LinkLoad>
  /** Of the cores accepted from `from` to `to`, virtual ms. */
  copiesOf(duties: readonly Duty[], between: { readonly from: number; readonly to: number }): Copies
}

export function createMeasure(options: {
  /** Of one document, by uid. */
  readonly bytesOf: (uid: string) => number
  /** Edges of the smallest tree from the origin to the nodes that serve these recipients now. */
  readonly edgesOf: (origin: NodeId, core: Core) => number
}): Measure {
  const links = new Map<NodeId, LinkLoad>()
  const copies = new Map<Core, { minimum: number; copies: number }>()

  function loadOf(link: NodeId): LinkLoad {
    const there = links.get(link)
    if (there !== undefined) return there
    const made = { link, bytes: 0, segments: 0, signals: 0 }
    links.set(link, made)
    return made
  }

  return {
    links,
    accepted(origin, core) {
      copies.set(core, { minimum: options.edgesOf(origin, core) * core.size, copies: 0 })
    },
    crossed(child, { envelope: { core }, signals }) {
      const load = loadOf(child)
      if (signals !== null) {
        load.signals += 1
        return
      }
      load.segments += 1
      load.bytes += options.bytesOf(core.uid) / core.size
      const count = copies.get(core)
      if (count !== undefined) count.copies += 1
    },
    copiesOf(duties, { from, to }) {
      const cores = new Set(duties.flatMap(({ core, at }) => (at >= from && at < to ? [core] : [])))
      let made = 0
      let minimum = 0
      for (const core of cores) {
        made += copies.get(core)?.copies ?? 0
        minimum += copies.get(core)?.minimum ?? 0
      }
      return { copies: made, minimum }
    },
  }
}

/** Edges of the smallest tree that joins these nodes: each node's link up, where some but not all of them lie below it. */
export function joiningEdges(nodes: Iterable<NodeId>, parentOf: (node: NodeId) => NodeId | null): number {
  const distinct = new Set(nodes)
  const below = new Map<NodeId, number>()
  for (const start of distinct) {
    for (let node: NodeId | null = start; node !== null; node = parentOf(node)) {
      below.set(node, (below.get(node) ?? 0) + 1)
    }
  }
  let edges = 0
  for (const count of below.values()) if (count < distinct.size) edges += 1
  return edges
}
