/** Who gets a document that is handed in: written codes and groups become organisations that are open today. */
import {
  documentTypes,
  type ErrorDetail,
  type NodeId,
  type NotFound,
  type OrganId,
  RelayError,
  receiverRefusal,
} from '@lienthong/core'
import { type PacketHeader, type ReceiverWarningCode, statusTargets } from '@lienthong/edxml'
import type { WrittenCode } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { SubmitRequest, SubmitWarning } from './contract.ts'

/** Who gets a document, and what its sender should know of it. */
export interface Recipients {
  readonly recipients: readonly Recipient[]
  readonly notices: readonly SubmitWarning[]
}

export interface Recipient {
  readonly organ: OrganId
  readonly node: NodeId
  /** Closed organisations that were written and that it succeeds; none when it was written itself. */
  readonly standsFor: readonly OrganId[]
  /** The same, as they were written; also when it was written itself. */
  readonly closed?: readonly WrittenCode[]
}

/**
 * Groups are expanded once, here, so that the sender sees every member. A document to a code that was split goes where
 * a rule of it says, waits in its own mailbox, or is refused, for its sender must choose; a late status goes to all
 * successors or, when it changes one that was sent before, where that went (`whereTheyWent`). Throws RECEIVER_MISSING, RECEIVER_UNKNOWN, _SPLIT, _CLOSED, _REPLACED or
 * _NOT_YET for the first code that leads to nobody, and RECEIVER_HELD for the first organisation that an administrator
 * holds back.
 */
export function recipientsOf(
  context: NodeContext,
  header: PacketHeader,
  { sender, to, otherwiseTo = [] }: Pick<SubmitRequest, 'to' | 'otherwiseTo'> & { readonly sender: OrganId },
): Recipients {
  const { table } = context
  const found = new Map<OrganId, Recipient>()
  const notices = new Map<string, SubmitWarning>()
  const isAnswer = header.kind === 'status' || isAboutEarlier(header)
  function notice(code: ReceiverWarningCode, detail: ErrorDetail): void {
    notices.set(`${code} ${detail['organ']}`, { code, severity: 'warning', detail })
  }
  function add(code: string): RelayError | null {
    const resolution = table.resolve(code, sender)
    if (!resolution.found) return isAnswer ? addAnswering(code, resolution) : addWaiting(code, resolution)
    const { organ, node, by, validTo = '' } = resolution
    const before = found.get(organ)
    const follows = by === 'successor'
    const listed = follows && before?.standsFor.length !== 0 ? table.listed(code) : null
    const standsFor = listed === null ? [] : [...(before?.standsFor ?? []), listed.id]
    const closed = [...(before?.closed ?? []), ...(follows ? [{ code, validTo }] : [])]
    found.set(organ, { organ, node, standsFor, closed })
    if (follows && !isAnswer) notice('RECEIVER_FOLLOWED', { organ: code, validTo, successor: organ })
    return null
  }
  /** A late status, or the recall of what was sent before, arrives whatever becomes of new documents. */
  function addAnswering(code: string, why: NotFound): RelayError | null {
    if (why.code === 'RECEIVER_REPLACED') return add(why.successor)
    const closed = why.code === 'RECEIVER_CLOSED' && header.kind === 'document' ? table.keeperOf(code) : null
    if (closed !== null) found.set(closed.organ, { ...closed, standsFor: [] })
    if (why.code !== 'RECEIVER_SPLIT') return closed === null ? receiverRefusal(code, why) : null
    for (const candidate of why.candidates) {
      const { found: isThere, ...there } = table.resolve(candidate)
      if (!isThere || !('node' in there) || found.has(candidate)) continue
      found.set(candidate, { organ: candidate, node: there.node, standsFor: [why.organ] })
    }
    return null
  }
  /** Into its own mailbox, until somebody decides. */
  function addWaiting(code: string, why: NotFound): RelayError | null {
    const keeper = why.code === 'RECEIVER_SPLIT' && why.waits ? table.keeperOf(why.organ) : null
    if (why.code !== 'RECEIVER_SPLIT' || keeper === null) return receiverRefusal(code, why)
    found.set(keeper.organ, { ...keeper, standsFor: [] })
    notice('RECEIVER_WAITS', { organ: code, validTo: why.validTo, candidates: why.candidates.join(', ') })
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
  return { recipients, notices: [...notices.values()] }
}

/** It says nothing new: a recall or an update. */
function isAboutEarlier({ kind, businessType }: PacketHeader): boolean {
  return kind === 'document' && (businessType === documentTypes.recall || businessType === documentTypes.update)
}

function refuseHeld(table: NodeContext['table'], organ: OrganId): void {
  const hold = table.holdOf(organ)
  if (hold !== null) throw new RelayError('RECEIVER_HELD', { detail: { organ, ...hold } })
}
