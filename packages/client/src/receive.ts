/**
 * Everything that comes in, one after the other.
 *
 * ```
 *  lease up to `atOnce` ─▶ hand out one by one ─▶ ack / fail
 *        ▲ nothing there             │ meanwhile every lease held is renewed
 *        └── wait: notice or long poll
 * ```
 *
 * - A lease is short, so that the death of a process, or an answer lost on its way, delays an item by `leaseMs` at most.
 * - An item that is leased again while it is in hand here (the node was away longer than the lease) is not handed
 *   out twice: its lease is taken over.
 */
import { RelayError } from '@lienthong/core'
import type { AmqpLine } from './amqp/amqp-line.ts'
import { anySignal } from './any-signal.ts'
import type { ReceivedItem, ReceiveOptions } from './contract.ts'
import type { HttpLine } from './http.ts'
import { type Hold, type ItemView, openItem } from './item.ts'

const defaultLeaseMs = 60_000
const shortestLeaseMs = 3_000
/** An item that came back (failed, or its lease ran out) is not announced; one looks after this time, s. */
const lookEverySeconds = 20
/** An item nobody settles is renewed no longer than this, ms: then another one may have it. */
const longestHoldMs = 3_600_000

interface Held extends Hold {
  readonly id: number
  readonly since: number
}

export async function* receiveItems(
  { http, amqp }: { readonly http: HttpLine; readonly amqp: AmqpLine | null },
  options: ReceiveOptions,
): AsyncGenerator<ReceivedItem, void, undefined> {
  const { kind, leaseMs = defaultLeaseMs, atOnce = 10 } = options
  const leaseSeconds = Math.ceil(Math.max(leaseMs, shortestLeaseMs) / 1000)
  using linked = anySignal([options.signal, http.closing])
  const { signal } = linked
  const held = new Map<number, Held>()
  const waiting: { readonly view: ItemView; readonly hold: Held }[] = []
  const renewing = setInterval(() => void renewAll(), (leaseSeconds * 1000) / 3)
  renewing.unref()
  const notices = amqp?.hear() ?? null
  /** Highest id seen to wait while there was nothing to lease. */
  let seen = 0

  async function renewAll(): Promise<void> {
    for (const { id, lease, settled, since } of held.values()) {
      if (settled || performance.now() - since > longestHoldMs) held.delete(id)
      else {
        const call = { method: 'POST', path: `/v1/mailbox/${id}/renew`, json: { lease, leaseSeconds }, signal } as const
        // What is lost shows when it is acknowledged.
        await http.askOnce(call).catch(() => undefined)
      }
    }
  }

  async function lease(): Promise<void> {
    const json = { limit: atOnce, leaseSeconds, ...(kind === undefined ? {} : { kind }) }
    const call = { method: 'POST', path: '/v1/mailbox/leases', json, signal } as const
    const { items } = await http.ask<{ readonly items: readonly ItemView[] }>(call)
    for (const view of items) {
      const known = held.get(view.id)
      if (known !== undefined && !known.settled) known.lease = view.lease
      else {
        const hold = { id: view.id, lease: view.lease, settled: false, since: performance.now() }
        held.set(view.id, hold)
        waiting.push({ view, hold })
      }
    }
  }

  async function somethingNew(heard: number): Promise<void> {
    if (notices?.isOpen === true) {
      await notices.next(heard, { timeoutMs: lookEverySeconds * 1000, signal })
      return
    }
    const query = { after: seen, limit: 500, wait: lookEverySeconds, kind }
    const call = { method: 'GET', path: '/v1/mailbox', query, signal } as const
    const { items } = await http.ask<{ readonly items: readonly ItemView[] }>(call)
    seen = items.at(-1)?.id ?? seen
  }

  try {
    for (;;) {
      const heard = notices?.count ?? 0
      await lease()
      if (waiting.length === 0) await somethingNew(heard)
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        yield openItem(http, next.view, next.hold)
      }
    }
  } catch (error) {
    if (!signal.aborted || http.closing.aborted) throw error
  } finally {
    clearInterval(renewing)
    await giveBack(http, waiting)
  }
}

/** What nobody has seen need not wait for its lease to end. */
async function giveBack(http: HttpLine, waiting: readonly { readonly hold: Held }[]): Promise<void> {
  for (const { hold } of waiting) {
    const json = { lease: hold.lease }
    try {
      await http.askOnce({ method: 'POST', path: `/v1/mailbox/${hold.id}/release`, json })
    } catch (error) {
      if (!(error instanceof RelayError)) throw error
      return
    }
  }
}
