/** Mailboxes that this node keeps no more go to the node that does, a few rows at a time. */
import { type Core, handoverTo, isSettled, nodeRecipient } from '@lienthong/core'
import type { LifeContext } from './context.ts'
import type { Process } from './process.ts'

const openAtOnce = 2
const rowsAtOnce = 3

/** Returns what looks whether something is to leave, or has arrived. */
export function createHandover(context: LifeContext, pump: () => void): () => void {
  const { store, world } = context
  const { outbox, mailbox } = store

  function settle(): number {
    let open = 0
    for (const record of outbox.records()) {
      const { uid } = record
      if (!uid.startsWith(`handover ${context.id} `)) continue
      if (isSettled(record)) mailbox.settle(uid, record.state === 'delivered' || record.state === 'collected')
      else open += 1
    }
    return open
  }

  function leaveOne(): boolean {
    for (const organ of mailbox.organs()) {
      const node = handoverTo(store.table, organ)
      const handed = node === null ? [] : mailbox.leaving(organ, rowsAtOnce)
      if (node === null || handed.length === 0) continue
      const uid = `handover ${context.id} ${world.observer.nextSending()}`
      const core: Core = {
        version: 1,
        uid,
        generation: 1,
        kind: 'handover',
        businessType: 0,
        from: context.id,
        documentId: uid,
        recipients: [nodeRecipient(node)],
        size: handed.length,
        sha256: uid,
        segmentBytes: 1,
        lane: 'bulk',
        sealedAt: world.scheduler.now,
        directoryVersion: store.table.directoryVersion,
        handed,
      }
      outbox.handOver(core, node, store.table)
      mailbox.leave(uid, handed)
      return true
    }
    return false
  }

  function* run(): Process {
    yield* context.commit(() => {
      for (let open = settle(); open < openAtOnce && leaveOne(); ) open += 1
    })
    pump()
  }

  return () => {
    if (world.mechanisms.handover && context.life.alive) context.spawn(run())
  }
}
