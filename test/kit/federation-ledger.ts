/**
 * What was accepted and what lies in the mailboxes, compared from outside: the ledger knows the bytes that
 * were handed in, and reads every mailbox through the door its clients use.
 */
import { createHash, type Hash } from 'node:crypto'
import type { ControlClient } from '@lienthong/cli'
import { type OrganId, RelayError } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import type { RelayNode } from '@lienthong/relay'
import type { MailItem } from '@lienthong/store'
import { waitFor } from './wait-for.ts'

/** The part of a node the ledger needs: its control client, or a node in this process. */
export type LedgerDoor = Pick<ControlClient, 'submit' | 'list' | 'read' | 'acknowledge' | 'track'>

export interface LedgerEntry {
  readonly uid: string
  readonly sha256: string
  readonly from: OrganId
  readonly to: readonly OrganId[]
  readonly acceptedAt: number
}

export interface Reconciliation {
  readonly expected: number
  readonly delivered: number
  readonly lost: readonly string[]
  readonly duplicated: readonly string[]
  readonly altered: readonly string[]
  /** In a mailbox, but never handed in or not for this organisation. */
  readonly unexpected: readonly string[]
}

export interface SendRequest {
  readonly from: OrganId
  readonly to: readonly OrganId[]
  readonly attachmentBytes?: number
  readonly priority?: number
}

export interface Ledger {
  readonly entries: readonly LedgerEntry[]
  /** Hands a fresh sample document in; resolves once it is accepted. */
  send(request: SendRequest): Promise<LedgerEntry>
  /** Reads every mailbox named in the entries. With `acknowledge`, items are acknowledged too. */
  reconcile(options?: { acknowledge?: boolean }): Promise<Reconciliation>
  /** (document, recipient) pairs whose sender does not yet know one of these states: some of them while there are any. */
  notYet(states: readonly string[]): Promise<readonly string[]>
}

const pageSize = 500
/** A node may be down, starting, or without its broker. */
const acceptDeadlineMs = 60_000

/** A node that runs in this process, seen as its clients would see it. */
export function doorOf(node: RelayNode): LedgerDoor {
  return {
    submit: (body, { as, to }) => node.submit({ as, body, ...(to === undefined ? {} : { to }) }),
    list: async (as, options) => ({ items: await node.mailbox.list(as, options), next: null }),
    read: (as, id) => node.mailbox.read(as, id),
    acknowledge: (as, id) => node.mailbox.acknowledge(as, id),
    track: (key) => node.track(key),
  }
}

/** `doorFor` gives the node that serves an organisation. */
export function openLedger(doorFor: (organ: OrganId) => LedgerDoor): Ledger {
  const entries: LedgerEntry[] = []
  let number = 0

  async function send({ from, to, attachmentBytes = 2_000, priority = 0 }: SendRequest): Promise<LedgerEntry> {
    number += 1
    const sample = {
      from: { organId: from, organName: `Đơn vị ${from}` },
      to: to.map((organId) => ({ organId, organName: `Đơn vị ${organId}` })),
      number: `${number}/UBND-VP`,
      subject: `Về việc kiểm tra liên thông số ${number}`,
      priority,
      attachmentBytes,
    }
    return waitFor(
      async () => {
        const hash = createHash('sha256')
        const packet = hashing(samplePacket(sample), hash)
        try {
          const { uid } = await doorFor(from).submit(packet, { as: from })
          const entry = { uid, sha256: hash.digest('hex'), from, to, acceptedAt: Date.now() }
          entries.push(entry)
          return entry
        } catch (error) {
          // A client hands the same bytes in again: whatever became of the first try, the answer is the same.
          if (error instanceof RelayError && error.retryable) return null
          throw error
        }
      },
      { what: `${sample.number} to be accepted`, deadlineMs: acceptDeadlineMs },
    )
  }

  async function allMail(organ: OrganId): Promise<readonly MailItem[]> {
    const items: MailItem[] = []
    for (;;) {
      const { items: page } = await doorFor(organ).list(organ, {
        after: items.at(-1)?.id ?? 0,
        limit: pageSize,
        all: true,
      })
      items.push(...page)
      if (page.length < pageSize) return items
    }
  }

  async function reconcile({ acknowledge = false } = {}): Promise<Reconciliation> {
    const expected = new Map<string, LedgerEntry>()
    for (const entry of entries) for (const organ of entry.to) expected.set(`${entry.uid} ${organ}`, entry)
    const seen = new Map<string, number>()
    const altered: string[] = []
    const unexpected: string[] = []
    for (const organ of new Set(entries.flatMap((entry) => entry.to))) {
      for (const item of await allMail(organ)) {
        const key = `${item.uid} ${organ}`
        const entry = expected.get(key)
        if (entry === undefined) {
          unexpected.push(key)
          continue
        }
        seen.set(key, (seen.get(key) ?? 0) + 1)
        if ((await digestOf(organ, item.id)) !== entry.sha256) altered.push(key)
        if (acknowledge) await doorFor(organ).acknowledge(organ, item.id)
      }
    }
    return {
      expected: expected.size,
      delivered: seen.size,
      lost: [...expected.keys()].filter((key) => !seen.has(key)),
      duplicated: [...seen].filter(([, count]) => count > 1).map(([key]) => key),
      altered,
      unexpected,
    }
  }

  async function digestOf(organ: OrganId, id: number): Promise<string> {
    const hash = createHash('sha256')
    const { body } = await doorFor(organ).read(organ, id)
    for await (const chunk of body) hash.update(chunk)
    return hash.digest('hex')
  }

  /** Of the last look: while it waits, nobody else needs to be asked. */
  let late: LedgerEntry | undefined

  async function notYet(states: readonly string[]): Promise<readonly string[]> {
    const still = late === undefined ? [] : await waitingOf(late, states)
    if (still.length > 0) return still
    const waiting: string[] = []
    for (const entry of entries) {
      const more = await waitingOf(entry, states)
      if (more.length > 0) late = entry
      waiting.push(...more)
    }
    return waiting
  }

  async function waitingOf({ uid, from, to }: LedgerEntry, states: readonly string[]): Promise<readonly string[]> {
    const [document] = await doorFor(from).track({ uid })
    return to.flatMap((organ) => {
      const state = document?.recipients.find((recipient) => recipient.organ === organ)?.state ?? 'unknown'
      return states.includes(state) ? [] : [`${uid} ${organ} ${state}`]
    })
  }

  return { entries, send, reconcile, notYet }
}

async function* hashing(source: AsyncIterable<Uint8Array>, hash: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of source) {
    hash.update(chunk)
    yield chunk
  }
}

/** The sentence of a run: `delivered 300/300, lost 0, duplicated 0`. */
export function summary({ expected, delivered, lost, duplicated }: Reconciliation): string {
  return `delivered ${delivered}/${expected}, lost ${lost.length}, duplicated ${duplicated.length}`
}
