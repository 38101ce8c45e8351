/** What the broker itself gave up, out of its queue into the store. */
import type { Delivery } from '@lienthong/link'
import type { NodeContext } from './context.ts'

/** Resolves when it is durable; only then is it acknowledged. */
export async function buryReturned(context: NodeContext, delivery: Delivery): Promise<void> {
  await context.store.ledger.bury({
    at: context.now(),
    reason: 'FRAME_INVALID',
    link: delivery.exchange,
    uid: null,
    detail: JSON.stringify(delivery.headers['x-death'] ?? {}),
    bytes: Uint8Array.from(delivery.body),
  })
  delivery.settle()
}
