/**
 * The receiving side, a process of its own for each organisation: reads its mailbox as document software would, and
 * says what it got, one JSON line (`ClientReport`) per item, before it acknowledges the item.
 *
 *     node receiving-client.js ORGANISATION CONTROL-SOCKET
 *
 * Bytes are hashed as they come, so memory stays the same whatever their number. It runs until it is ended.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ControlClient, connectControl } from '@lienthong/cli'
import { RelayError } from '@lienthong/core'
import type { ClientReport } from './ledger.ts'

/** Milliseconds between two looks into the mailbox. */
const pollMs = 150

const [organ = '', socketPath = ''] = process.argv.slice(2)
const door = connectControl(socketPath)
for (;;) {
  await collectAll(door)
  await sleep(pollMs)
}

async function collectAll(node: ControlClient): Promise<void> {
  try {
    const { items } = await node.list(organ)
    for (const { id } of items) await collect(node, id)
  } catch (error) {
    // The node may not run yet, or be stopping: ask again.
    if (error instanceof RelayError && error.retryable) return
    throw error
  }
}

async function collect(node: ControlClient, id: number): Promise<void> {
  const { item, body } = await node.read(organ, id)
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of body) {
    hash.update(chunk)
    bytes += chunk.length
  }
  const report: ClientReport = {
    organ,
    item: item.id,
    uid: item.uid,
    sha256: hash.digest('hex'),
    bytes,
    from: item.from,
    deliveredAt: item.deliveredAt,
    readAt: Date.now(),
  }
  process.stdout.write(`${JSON.stringify(report)}\n`)
  await node.acknowledge(organ, id)
}
