/** One item of the mailbox, with what can be done about it. */
import { RelayError, statusCodes } from '@lienthong/core'
import { readHeader } from '@lienthong/edxml'
import type { ReceivedItem, Said, StatusName, Submitted } from './contract.ts'
import { download, save } from './download.ts'
import type { HttpLine } from './http.ts'

const defaultRetryAfterMs = 60_000

/** As the node shows it. */
export type ItemView = Omit<ReceivedItem, 'open' | 'save' | 'header' | 'ack' | 'fail' | 'status'> & {
  readonly lease?: string
}

/** Whose it is. The lease changes when the node gives the item to the same client again. */
export interface Hold {
  lease: string | undefined
  /** Acknowledged or given back. */
  settled: boolean
}

export function openItem(http: HttpLine, shown: ItemView, hold: Hold): ReceivedItem {
  const { lease: _, ...view } = shown
  const path = `/v1/mailbox/${view.id}`

  /** Another lease of our own may have taken over while the call was on its way. */
  async function withLease(call: (lease: string | undefined) => Promise<unknown>): Promise<void> {
    const { lease } = hold
    try {
      await call(lease)
    } catch (error) {
      const isOurs = error instanceof RelayError && error.code === 'LEASE_LOST' && hold.lease !== lease
      if (!isOurs) throw error
      await call(hold.lease)
    }
    hold.settled = true
  }

  const item: ReceivedItem = {
    ...view,
    open: ({ signal } = {}) => download(http, { path: `${path}/packet`, ...view }, signal),
    save: (file, options) => save(item.open(options), file),
    header: (options) => readHeader(item.open(options)),
    ack: ({ signal } = {}) =>
      withLease((lease) =>
        http.ask({ method: 'POST', path: `${path}/acknowledge`, json: lease === undefined ? {} : { lease }, signal }),
      ),
    async fail(reason, { signal, retryAfterMs = defaultRetryAfterMs } = {}) {
      const delaySeconds = Math.ceil(retryAfterMs / 1000)
      await withLease(async (lease) => {
        if (lease === undefined) throw new RelayError('LEASE_LOST', { detail: { what: view.id } })
        const json = { lease, reason, delaySeconds }
        return http.ask({ method: 'POST', path: `${path}/release`, json, signal })
      })
    },
    status: statusesOf((code, { signal, ...said }) =>
      // Said once: a repeated call is the same packet.
      http.ask({
        method: 'POST',
        path: `${path}/statuses`,
        json: { code, ...said, at: new Date().toISOString() },
        signal,
      }),
    ),
  }
  return item
}

function statusesOf(send: (code: number, said: Said) => Promise<Submitted>): ReceivedItem['status'] {
  const { takeBack: _, ...codes } = statusCodes
  const helpers = Object.entries(codes).map(([name, code]) => [name, (said: Said = {}) => send(code, said)])
  return Object.fromEntries(helpers) as Record<StatusName, (said?: Said) => Promise<Submitted>>
}
