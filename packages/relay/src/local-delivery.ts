/** A copy whose recipients this node serves itself: into the mailbox, and the receipt noted at once. */
import { decodeCore, nodeOf, sealedBy } from '@lienthong/link'
import type { NodeContext } from './context.ts'
import type { LocalDelivery } from './dispatcher.ts'
import { headerOf } from './header.ts'
import type { Serving } from './serving.ts'

export function deliverLocally(context: NodeContext, serving: Serving): LocalDelivery {
  return async (item) => {
    const core = decodeCore(item.core)
    const envelope = { core, origin: nodeOf(sealedBy(item.seal)), to: item.to, segment: 0, path: [] }
    const segment = { core: item.core, seal: item.seal, envelope, data: new Uint8Array(0) }
    const organs = item.recipients.map((recipient) => recipient.organ)
    const header = await headerOf(context.store.payloads.stream(item.payload.sha256))
    await serving.deliver({ segment, organs }, item.payload, header)
  }
}
