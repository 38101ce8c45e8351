/** What stands at this node for organisations that were split and nobody has decided, and the decision about one document. */
import { isSplit, isUndecided, type NodeId, type OrganId, RelayError, type RoutingTable } from '@lienthong/core'
import type { RowDecided, RowDecision } from '@lienthong/store'
import type { NodeContext } from './context.ts'

/** An organisation that was split, with what waits in its mailbox here until somebody decides. */
export interface SplitView {
  readonly organ: OrganId
  readonly name: string
  readonly validTo: string | null
  readonly candidates: readonly OrganId[]
  /** By sender and unit written; none when all is decided. */
  readonly waiting: readonly {
    readonly from: OrganId
    readonly unit: string | null
    readonly count: number
    /** When the first of them was delivered. */
    readonly oldestAt: number
  }[]
}

export interface SplitOrder {
  readonly key: RowDecision['key']
  /** The successor that gets it. */
  readonly to: string
  /** Of which sender, when several sent documents of that number. */
  readonly from?: string
  /** For the chain of events. */
  readonly reason: string
}

export interface SplitDecided {
  readonly organ: OrganId
  readonly uid: string
  readonly to: OrganId
  /** The node that keeps its mailbox. */
  readonly node: NodeId
  /** False: it had been decided so before. */
  readonly fresh: boolean
}

export interface SplitDoor {
  /** Those of which something waits here; `organ`: that one, also when nothing does. Throws NOT_FOUND when it was not split. */
  waiting(organ?: string): Promise<readonly SplitView[]>
  /**
   * Gives one document to a successor, whatever the rules say. Idempotent. Throws NOT_FOUND (it is not in that mailbox),
   * RECEIVER_SPLIT (`to` is no successor), DECISION_LATE (collected, taken back, or gone to another), USAGE (several
   * documents of that number).
   */
  decide(organ: string, order: SplitOrder, by: string): Promise<SplitDecided>
}

export function createSplitDoor(context: NodeContext, parts: { readonly onDecided: () => void }): SplitDoor {
  const { splits, handovers } = context.store

  function split(code: string, table: RoutingTable): Pick<SplitView, 'organ' | 'name' | 'validTo' | 'candidates'> {
    const listed = table.listed(code)
    if (listed === null || !isSplit(table, listed.id)) throw new RelayError('NOT_FOUND', { detail: { what: code } })
    const { id: organ, name, validTo = null } = listed
    return { organ, name, validTo, candidates: table.standingFor(organ) ?? [] }
  }

  return {
    async waiting(organ) {
      const { table } = context
      const organs =
        organ === undefined
          ? (await handovers.organs()).filter((each) => isSplit(table, each))
          : [split(organ, table).organ]
      const views: SplitView[] = []
      for (const each of organs) {
        const groups = (await splits.groups(each)).filter((group) => isUndecided(table, group))
        const waiting = groups.flatMap(({ from, unit, count, oldestAt }) =>
          from === null ? [] : [{ from, unit, count, oldestAt }],
        )
        if (waiting.length > 0 || organ !== undefined) views.push({ ...split(each, table), waiting })
      }
      return views
    },
    async decide(code, { key, to, from, reason }, by) {
      const { table } = context
      const { organ, candidates, validTo } = split(code, table)
      const heir = table.listed(to)?.id ?? ''
      const keeper = candidates.includes(heir) ? table.keeperOf(heir) : null
      if (keeper === null) {
        const detail = { organ: code, validTo: validTo ?? '', candidates: candidates.join(', ') }
        throw new RelayError('RECEIVER_SPLIT', { detail })
      }
      const sender = from === undefined ? {} : { from: table.listed(from)?.id ?? from }
      const { uid, fresh } = made(
        await splits.decide({ organ, key, heir, by, reason, at: context.now(), ...sender }),
        key,
      )
      if (fresh) parts.onDecided()
      return { organ, uid, to: heir, node: keeper.node, fresh }
    },
  }
}

function made(decided: RowDecided, key: RowDecision['key']): Extract<RowDecided, { outcome: 'decided' }> {
  const written = 'uid' in key ? key.uid : key.number
  switch (decided.outcome) {
    case 'decided':
      return decided
    case 'unknown':
      throw new RelayError('NOT_FOUND', { detail: { what: written } })
    case 'several':
      throw new RelayError('USAGE', { detail: { reason: `${written}: ${decided.uids.join(', ')}` } })
    case 'late': {
      const { uid, heir } = decided
      throw new RelayError('DECISION_LATE', { detail: { uid, ...(heir !== null && { heir }) } })
    }
  }
}
