/**
 * Tells document software over AMQP that something arrived: a small JSON text per item, to the queue of each system that
 * may read that mailbox. Loss is allowed – the mailbox has the item – so nothing waits for a confirm, nothing is kept for
 * a broker that is away, and past a window of unconfirmed bytes notices are left out.
 */
import { names, type Sender } from '@lienthong/link'
import type { NodeChange } from './doors.ts'

/** Unconfirmed bytes of notices; some thousands of them. */
const windowBytes = 1024 * 1024

export function publishNotices(parts: {
  readonly sender: Pick<Sender, 'open' | 'inFlightBytes' | 'send'>
  readonly readersOf: (organ: string) => readonly string[]
}): (change: NodeChange) => void {
  const { sender, readersOf } = parts
  return (change) => {
    if (change.type !== 'arrived') return
    const systems = readersOf(change.notice.organ)
    if (systems.length === 0) return
    const body = Buffer.from(JSON.stringify(change.notice))
    for (const system of systems) {
      if (!sender.open || sender.inFlightBytes + body.byteLength > windowBytes) return
      const message = {
        exchange: names.notify,
        routingKey: system,
        type: 'lt.notice',
        body,
        persistent: false,
      } as const
      void sender.send(message)
    }
  }
}
