/** What a node makes of announcements that do not count: remembered, said once, and tried again where that may help. */
import type { MergeRemark, NodeId, RefusedAnnouncement, SignedAnnouncement } from '@lienthong/core'
import { type DirectoryEntry, directoryEntryOf } from '@lienthong/link'
import type { NodeContext } from './context.ts'

/** What may count when a parent's announcement has come; as many as a large province has nodes. */
const mostWaiting = 2_000
const mostRemembered = 5_000

export interface DirectoryRefusals {
  readonly waiting: readonly SignedAnnouncement[]
  note(refused: readonly RefusedAnnouncement[], from: (signed: SignedAnnouncement) => NodeId): void
  settled(accepted: readonly SignedAnnouncement[]): void
  /** Refused for good, as far as is known. */
  isRefused(entry: DirectoryEntry): boolean
  remark(remarks: readonly MergeRemark[]): void
}

export function watchRefusals(context: NodeContext): DirectoryRefusals {
  /** By digest. */
  const waiting = new Map<string, SignedAnnouncement>()
  /** Node and mark. */
  const refusedMarks = new Set<string>()
  const said = new Set<string>()

  /** True the first time. */
  function isNews(what: string): boolean {
    if (said.has(what)) return false
    if (said.size >= mostRemembered) said.clear()
    said.add(what)
    return true
  }

  function record(code: string, detail: Readonly<Record<string, unknown>>): void {
    context.log('warn', 'announcement refused', { code, detail })
    void context.store.ledger
      .event({ at: context.now(), type: 'refuse', uid: null, detail: { code, ...detail } })
      .catch((error: unknown) => context.log('error', 'refusal not recorded', { detail: { error: String(error) } }))
  }

  return {
    get waiting() {
      return [...waiting.values()]
    },
    note(refused, from) {
      for (const { signed, code, detail } of refused) {
        const { node, mark } = directoryEntryOf(signed)
        if (code === 'ANNOUNCEMENT_ORPHAN' || code === 'KEY_UNKNOWN') {
          if (waiting.size < mostWaiting) waiting.set(signed.digest, signed)
          if (code === 'ANNOUNCEMENT_ORPHAN') continue
        } else {
          waiting.delete(signed.digest)
          if (refusedMarks.size >= mostRemembered) refusedMarks.clear()
          refusedMarks.add(`${node} ${mark}`)
        }
        const link = from(signed)
        if (isNews(`${link} ${node} ${mark} ${code}`)) record(code, { ...detail, link, kid: signed.kid })
      }
    },
    settled(accepted) {
      if (accepted.length === 0) return
      for (const { digest } of accepted) waiting.delete(digest)
      // What was refused by what was known may count by what is known now.
      refusedMarks.clear()
    },
    isRefused: ({ node, mark }) => refusedMarks.has(`${node} ${mark}`),
    remark(remarks) {
      for (const { node, id, why } of remarks) {
        if (!isNews(`${node} ${id} ${why}`)) continue
        if (why === 'outside') record('DELEGATION_EXCEEDED', { node, id })
        else context.log('info', 'an entry of the directory does not count', { detail: { node, id, why } })
      }
    },
  }
}
