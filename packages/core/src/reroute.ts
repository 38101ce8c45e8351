/** What waits in the outbox when the table has changed: where each copy goes now. */
import type { ServedRecipient } from './copies.ts'
import type { Hop, RoutingTable } from './routing.ts'

/** A copy in line for one hop. `recipients` are those of `to`, in its order. */
export interface WaitingCopy {
  readonly seq: number
  readonly uid: string
  readonly generation: number
  readonly hop: Hop
  readonly to: readonly number[]
  readonly recipients: readonly ServedRecipient[]
}

export interface ReroutedCopy {
  readonly seq: number
  /** What the copy becomes: the first takes its place in line. */
  readonly parts: readonly {
    readonly hop: Hop
    readonly to: readonly number[]
    /** Another node serves these now: it has nothing yet, whatever the copy was to bring. */
    readonly whole: boolean
  }[]
  /** Recipients that another node serves now. */
  readonly moved: readonly ServedRecipient[]
}

/**
 * The copy by this table; null when it stays as it is. A recipient that the directory knows no way to any more keeps its
 * place, for it may come back: the sender sees that it is overdue.
 */
export function reroute(table: RoutingTable, copy: WaitingCopy): ReroutedCopy | null {
  const parts = new Map<string, { hop: Hop; to: number[]; whole: boolean }>()
  const moved: ServedRecipient[] = []
  let same = true
  for (const [index, place] of copy.to.entries()) {
    const recipient = copy.recipients[index]
    if (recipient === undefined) continue
    const { organ } = recipient
    const node = servingNow(table, recipient)
    const hop = table.hopToOrgan(organ, node) ?? copy.hop
    const whole = node !== recipient.node
    if (whole) moved.push({ organ, node })
    same &&= hop === copy.hop && !whole
    const key = `${hop} ${whole}`
    const part = parts.get(key)
    if (part === undefined) parts.set(key, { hop, to: [place], whole })
    else part.to.push(place)
  }
  return same ? null : { seq: copy.seq, parts: [...parts.values()], moved }
}

/** True when the directory knows neither the recipient nor the node that served it: there is no way. */
export function isLost(table: Pick<RoutingTable, 'keeperOf' | 'hopToNode'>, recipient: ServedRecipient): boolean {
  return table.hopToNode(servingNow(table, recipient)) === null
}

/** The node that keeps a recipient's mailbox by this table, or the one known before when the directory has lost it. */
export function servingNow(table: Pick<RoutingTable, 'keeperOf'>, { organ, node }: ServedRecipient): string {
  return table.keeperOf(organ)?.node ?? node
}
