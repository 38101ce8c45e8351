/** The figures of a node, all at once. */
import type { LinkPhase } from '@lienthong/core'
import type { LinkStatus } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import type { NodeStatus } from './contract.ts'
import type { FigureName } from './doors.ts'

export interface FigureSources {
  readonly broker: () => NodeStatus['broker']
  readonly link: () => LinkStatus | null
  readonly openAssemblies: () => number
}

export async function readFigures(
  context: NodeContext,
  sources: FigureSources,
): Promise<Readonly<Record<FigureName, number | null>>> {
  const store = await context.store.figures()
  const now = context.now()
  const ageOf = (at: number | null) => (at === null ? 0 : Math.max(0, now - at) / 1000)
  const broker = sources.broker()
  const link = sources.link()
  return {
    broker_open: Number(broker.open),
    broker_blocked: Number(broker.blocked !== null),
    link_open: link && Number(isUsable(link.phase)),
    link_stalled: link && Number(link.phase === 'stalled'),
    link_canary_seconds: link === null || link.canaryMs === null ? null : link.canaryMs / 1000,
    backlog_documents: store.documents,
    backlog_copies: store.copies,
    backlog_oldest_seconds: ageOf(store.oldestDocumentAt),
    assemblies_open: sources.openAssemblies(),
    mailbox_documents: store.waiting.document,
    mailbox_statuses: store.waiting.status,
    mailbox_oldest_document_seconds: ageOf(store.oldestWaitingAt.document),
    mailbox_oldest_status_seconds: ageOf(store.oldestWaitingAt.status),
    dead_letters: store.deadLetters,
    store_bytes: store.databaseBytes,
    ...context.counters.read(),
  }
}

function isUsable(phase: LinkPhase): boolean {
  return phase === 'open' || phase === 'stalled'
}
