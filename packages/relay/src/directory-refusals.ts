/** What a node makes of announcements that do not count: remembered, said once, and tried again where that may help. */
import type { MergeRemark, NodeId, RefusedAnnouncement, SignedAnnouncement } from '@lienthong/core'
import { type DirectoryEntry, directoryEntryOf } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import { sizeOf } from './directory-backlog.ts'

/** What may count when a parent's announcement has come, of each neighbour; as many as a large province has nodes. */
const mostWaiting = { count: 2_000, bytes: 16 * 1024 * 1024 } as const
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
  const waiting = new Map<string, { readonly signed: SignedAnnouncement; readonly link: NodeId }>()
  /** What waits of each neighbour. */
  const shares = new Map<NodeId, { count: number; bytes: number }>()
  /** Node and mark. */
  const refusedMarks = new Set<string>()
  const said = new Set<string>()

  function wait(signed: SignedAnnouncement, link: NodeId): void {
    const share = shares.get(link) ?? { count: 0, bytes: 0 }
    const bytes = share.bytes + sizeOf(signed)
    if (waiting.has(signed.digest) || share.count >= mostWaiting.count || bytes > mostWaiting.bytes) return
    waiting.set(signed.digest, { signed, link })
    shares.set(link, { count: share.count + 1, bytes })
  }

  function unwait(digest: string): void {
    const there = waiting.get(digest)
    const share = shares.get(there?.link ?? '')
    if (there === undefined || share === undefined) return
    waiting.delete(digest)
    share.count -= 1
    share.bytes -= sizeOf(there.signed)
  }

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
      return [...waiting.values()].map(({ signed }) => signed)
    },
    note(refused, from) {
      for (const { signed, code, detail } of refused) {
        const { node, mark } = directoryEntryOf(signed)
        const link = from(signed)
        if (code === 'ANNOUNCEMENT_ORPHAN' || code === 'KEY_UNKNOWN') {
          wait(signed, link)
          if (code === 'ANNOUNCEMENT_ORPHAN') continue
        } else {
          unwait(signed.digest)
          if (refusedMarks.size >= mostRemembered) refusedMarks.clear()
          refusedMarks.add(`${node} ${mark}`)
        }
        if (isNews(`${link} ${node} ${mark} ${code}`)) record(code, { ...detail, link, kid: signed.kid })
      }
    },
    settled(accepted) {
      if (accepted.length === 0) return
      for (const { digest } of accepted) unwait(digest)
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
