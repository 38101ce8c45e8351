/**
 * What this node saw last of the documents that went through it, in memory: for whoever looks for one. Nothing depends on
 * it, and a restart forgets it.
 *
 * Bounded by documents and by the recipients they name, about 1 KiB each: 10,000 of a node, shared among the nodes of a
 * process, and never fewer than 500.
 */
import { type NodeId, type OrganId, type Sighting, segmentCount } from '@lienthong/core'
import type { Segment } from '@lienthong/link'

const documentsOfProcess = 10_000
const documentsAtLeast = 500
/** Recipients remembered per document, on average. */
const recipientsEach = 10

export interface Sightings {
  /** From when on nothing has been forgotten, ms. */
  readonly since: number
  /** `to`: the recipients of the segment whom it happened to. Signals are passed over. */
  note(segment: Pick<Segment, 'envelope'>, to: readonly number[], seen: SeenStep): void
  /** null when the document was not seen, or long ago. */
  of(uid: string): SeenDocument | null
}

export interface SeenStep {
  readonly step: 'received' | 'sent' | 'dropped' | 'dead'
  readonly neighbour: NodeId | null
  readonly code?: string
}

export interface SeenDocument {
  /** The node that sealed it. */
  readonly origin: NodeId
  /** The newest seen. */
  readonly generation: number
  readonly from: OrganId
  readonly organs: readonly OrganId[]
  last(organ: OrganId): Sighting | null
}

interface Document {
  readonly origin: NodeId
  readonly from: OrganId
  generation: number
  readonly steps: Map<string, Step>
}

interface Step extends Omit<Sighting, 'organ'> {
  /** Ascending: two may have one instant. */
  readonly order: number
  /** Of the core, by reference. */
  readonly recipients: readonly OrganId[]
  readonly to: readonly number[]
}

/** How many documents each of `nodes` in one process remembers. */
export function rememberedDocuments(nodes: number): number {
  return Math.max(documentsAtLeast, Math.floor(documentsOfProcess / nodes))
}

export function createSightings(options: { readonly documents: number; readonly now: () => number }): Sightings {
  const known = new Map<string, Document>()
  let since = options.now()
  let recipients = 0
  let order = 0

  function forgetOldest(): void {
    const [uid, document] = known.entries().next().value ?? []
    if (uid === undefined || document === undefined) return
    known.delete(uid)
    for (const { to, at } of document.steps.values()) {
      recipients -= to.length
      since = Math.max(since, at)
    }
  }

  return {
    get since() {
      return since
    },
    note({ envelope: { core, origin, segment } }, to, { step, neighbour, code = null }) {
      if (core.kind === 'signal') return
      const document = known.get(core.uid) ?? { origin, from: core.from, generation: 1, steps: new Map() }
      document.generation = Math.max(document.generation, core.generation)
      const segments = segmentCount(core.size, core.segmentBytes)
      // What is dropped before a way and then goes on it is one story; what comes in is another.
      const key = `${step === 'received' ? 'in' : 'out'} ${neighbour ?? ''}`
      recipients += to.length - (document.steps.get(key)?.to.length ?? 0)
      document.steps.set(key, {
        step,
        neighbour,
        code,
        at: options.now(),
        part: segments === 1 ? null : [segment + 1, segments],
        order: (order += 1),
        recipients: core.recipients,
        to,
      })
      known.delete(core.uid)
      known.set(core.uid, document)
      while (known.size > 1 && (known.size > options.documents || recipients > options.documents * recipientsEach)) {
        forgetOldest()
      }
    },
    of(uid) {
      const document = known.get(uid)
      if (document === undefined) return null
      const steps = [...document.steps.values()].sort((a, b) => b.order - a.order)
      const organsOf = ({ recipients: all, to }: Step) => to.flatMap((place) => all[place] ?? [])
      return {
        origin: document.origin,
        from: document.from,
        generation: document.generation,
        organs: [...new Set(steps.flatMap(organsOf))],
        last(organ) {
          const found = steps.find((step) => organsOf(step).includes(organ))
          if (found === undefined) return null
          const { step, at, neighbour, code, part } = found
          return { organ, step, at, neighbour, code, part }
        },
      }
    },
  }
}
