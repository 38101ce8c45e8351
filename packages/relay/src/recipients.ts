/** Who gets a document that is handed in: written codes and groups become organisations that are open today. */
import { type NodeId, type OrganId, RelayError, receiverRefusal } from '@lienthong/core'
import { type PacketHeader, statusTargets } from '@lienthong/edxml'
import type { NodeContext } from './context.ts'
import type { SubmitRequest } from './contract.ts'

export interface Recipient {
  readonly organ: OrganId
  readonly node: NodeId
  /** Closed organisations that were written and that it succeeds; none when it was written itself. */
  readonly standsFor: readonly OrganId[]
}

/**
 * Groups are expanded once, here, so that the sender sees every member. A document to a code that was
 * split is refused, for its sender must choose; a late status goes to all successors, of whom one has the
 * document. Throws RECEIVER_MISSING, RECEIVER_UNKNOWN, _SPLIT, _CLOSED or _NOT_YET for the first code that leads to
 * nobody, and RECEIVER_HELD for the first organisation that an administrator holds back.
 */
export function recipientsOf(
  context: NodeContext,
  header: PacketHeader,
  { to, otherwiseTo = [] }: Pick<SubmitRequest, 'to' | 'otherwiseTo'>,
): readonly Recipient[] {
  const { table } = context
  const found = new Map<OrganId, Recipient>()
  function add(code: string): RelayError | null {
    const resolution = table.resolve(code)
    if (resolution.found) {
      const { organ, node, by } = resolution
      const before = found.get(organ)?.standsFor
      const closed = by === 'successor' && before?.length !== 0 ? table.listed(code) : null
      found.set(organ, { organ, node, standsFor: closed === null ? [] : [...(before ?? []), closed.id] })
    } else if (resolution.code === 'RECEIVER_SPLIT' && header.kind === 'status') resolution.candidates.forEach(add)
    else return receiverRefusal(code, resolution)
    return null
  }
  function addOrThrow(code: string): void {
    const refusal = add(code)
    if (refusal !== null) throw refusal
  }
  function addAll(codes: readonly string[]): void {
    for (const code of codes) for (const organ of table.expand(code) ?? [code]) addOrThrow(organ)
  }
  /** Whom the packet says it answers, then whom the sender says beside it, then what the packet lets guess. */
  function addAnswered(): void {
    const candidates = statusTargets(header)
    const isKnown = (code: string) => add(code) === null
    const isStated = (code: string) => header.responseFor.some(({ organId }) => organId === code)
    if (candidates.filter(isStated).some(isKnown)) return
    if (otherwiseTo.length > 0) addAll(otherwiseTo)
    else if (!candidates.some(isKnown)) addOrThrow(candidates[0] ?? '')
  }
  if (to !== undefined) addAll(to)
  else if (header.kind === 'status') addAnswered()
  else addAll(header.to.length === 0 ? otherwiseTo : header.to.map(({ organId }) => organId))
  if (found.size === 0) throw new RelayError('RECEIVER_MISSING')
  const recipients = [...found.values()]
  for (const { organ } of recipients) refuseHeld(table, organ)
  return recipients
}

function refuseHeld(table: NodeContext['table'], organ: OrganId): void {
  const hold = table.holdOf(organ)
  if (hold !== null) throw new RelayError('RECEIVER_HELD', { detail: { organ, ...hold } })
}
