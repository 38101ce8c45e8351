/** What others still wait for from this node: nothing, once it may leave. */
import { lanes } from '@lienthong/core'
import { type BrokerAdmin, names } from '@lienthong/link'
import type { Store } from '@lienthong/store'
import type { Assembler } from './assembler.ts'
import type { Handover } from './handover.ts'

/** Counts; all 0 at a node that may leave. */
export interface Left {
  /** Accepted, with a recipient not yet settled. */
  readonly documents: number
  /** Of mailboxes that another node keeps now. */
  readonly rows: number
  readonly assemblies: number
  /** Messages for the parent. */
  readonly spool: number
}

export async function whatIsLeft(parts: {
  readonly store: Store
  readonly handover: Pick<Handover, 'left'>
  readonly assembler: Pick<Assembler, 'open'>
  readonly admin: Pick<BrokerAdmin, 'counts'>
}): Promise<Left> {
  const [{ documents }, rows, counts] = await Promise.all([
    parts.store.outbox.backlog(),
    parts.handover.left(),
    parts.admin.counts(),
  ])
  const spool = lanes.reduce((sum, lane) => sum + (counts.get(names.up(lane)) ?? 0), 0)
  return { documents, rows, assemblies: parts.assembler.open, spool }
}
