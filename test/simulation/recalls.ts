/** Recall at the origin: what a packet means, and what its receipts say of that. */
import { type Core, type OrganId, type Sending as Recalled, type RecipientRecord, stopped } from '@lienthong/core'
import type { Submission, TrackedRecord } from './outbox.ts'
import type { Sending } from './sending.ts'

export interface Recalls {
  /** Sendings that recall or replace others, with what is known of them. */
  readonly sendings: readonly Sending[]
  note(sending: Sending): void
  /** What the core of a packet names: all its sender has sent of that document. */
  aboutOf(submission: Submission): readonly Recalled[]
  /** The highest generation of the document that a recall meant; 0: none. */
  reached(uid: string): number
  isWithdrawn(sent: Recalled, organ: OrganId): boolean
  /** The receipt of a packet has come: what was stopped is settled. Gives the records that say more than before. */
  stop(core: Core, record: RecipientRecord): readonly TrackedRecord[]
}

/** Named by a core whose sender cannot know how often the document was sent. */
const everyGeneration = 9

/** `all`: what was sent, by uid. */
export function createRecalls(all: ReadonlyMap<string, readonly Sending[]>): Recalls {
  const sendings: Sending[] = []

  function of(uid: string) {
    return sendings.flatMap((sending) =>
      (sending.core.about ?? []).flatMap((meant, place) =>
        meant.uid === uid ? [{ sending, place, upTo: meant.generation }] : [],
      ),
    )
  }

  function newest(uid: string, organ: OrganId): Sending | undefined {
    return (all.get(uid) ?? [])
      .filter(({ placeOf }) => placeOf.has(organ))
      .sort((a, b) => b.core.generation - a.core.generation)[0]
  }

  return {
    sendings,
    note(sending) {
      if (sending.core.about !== undefined) sendings.push(sending)
    },
    aboutOf({ recalls }) {
      if (recalls === undefined) return []
      if (recalls.forged) return [{ uid: recalls.uid, generation: everyGeneration }]
      const generations = (all.get(recalls.uid) ?? []).map(({ core }) => core.generation)
      return generations.length === 0 ? [] : [{ uid: recalls.uid, generation: Math.max(...generations) }]
    },
    reached: (uid) => Math.max(0, ...of(uid).map(({ upTo }) => upTo)),
    isWithdrawn({ uid, generation }, organ) {
      return of(uid).some(({ sending, upTo, place }) => {
        const record = sending.records[sending.placeOf.get(organ) ?? -1]
        return generation <= upTo && record?.effects?.[place] === 'withdrawn'
      })
    },
    stop({ about = [] }, { organ, effects = [] }) {
      return about.flatMap(({ uid, generation }, place) => {
        const sending = effects[place] === 'stopped' ? newest(uid, organ) : undefined
        const at = sending?.placeOf.get(organ) ?? -1
        const before = sending?.records[at]
        if (sending === undefined || before === undefined || sending.core.generation > generation) return []
        const after = stopped(before)
        if (after === before) return []
        sending.records[at] = after
        return [{ ...after, uid, generation: sending.core.generation }]
      })
    },
  }
}
