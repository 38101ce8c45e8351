/** Node and broker killed under two clients at work: nothing is lost, nothing comes twice. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, describe, it } from 'node:test'
import type { ErrorCode } from '@lienthong/core'
import { canStartBroker, startBroker } from '../kit/broker.ts'
import { lastFirst } from '../kit/teardown.ts'
import { waitFor } from '../kit/wait-for.ts'
import { clientOf, first, packet, province, serveNodeProcess } from './served-node.ts'

const documents = 200
const kills = 3
const atOnce = 8
/** Short, so that an item leased by an answer that never came is not waited for long. */
const leaseMs = 3_000
const skip = !canStartBroker() && 'needs a RabbitMQ that it can start'

describe('clients whose node and broker are killed', { skip, timeout: 280_000 }, () => {
  const teardown = lastFirst({ after })

  it('submit and receive every document once', async () => {
    const broker = await startBroker({ teardown })
    const node = await serveNodeProcess(teardown, broker)
    const troubles = new Map<ErrorCode, number>()
    const onTrouble = ({ code }: { code: ErrorCode }) => void troubles.set(code, (troubles.get(code) ?? 0) + 1)
    const sender = clientOf(teardown, { ...node.optionsFor(province, true), onTrouble })
    const recipient = clientOf(teardown, { ...node.optionsFor(first, true), onTrouble })

    const handedIn = new Map<string, string>()
    const received: { readonly uid: string; readonly sha256: string }[] = []
    const done = new AbortController()
    const failures: unknown[] = []

    const numbers = Array.from({ length: documents }, (_, index) => index + 1)
    async function submitAll(): Promise<void> {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        const bytes = await packet(`${number}/UBND-VP`)
        const { uid } = await sender.submit(bytes)
        handedIn.set(uid, createHash('sha256').update(bytes).digest('hex'))
      }
    }
    async function receiveAll(): Promise<void> {
      for await (const item of recipient.receive({ leaseMs, signal: done.signal })) {
        const hash = createHash('sha256')
        for await (const chunk of item.open()) hash.update(chunk)
        await item.ack()
        received.push({ uid: item.uid, sha256: hash.digest('hex') })
      }
    }
    const note = (error: unknown) => void failures.push(error)
    const sending = Promise.all(Array.from({ length: atOnce }, submitAll)).catch(note)
    const receiving = receiveAll().catch(note)

    const reached = (share: number) => () => failures.length > 0 || received.length >= documents * share
    for (let kill = 1; kill <= kills; kill += 1) {
      await waitFor(reached(kill / (kills + 2)), { what: `kill ${kill}`, deadlineMs: 60_000 })
      await node.restart()
    }
    await waitFor(reached(kills / (kills + 1)), { what: 'the broker’s turn', deadlineMs: 60_000 })
    await broker.kill()
    await broker.start()
    await sending
    await waitFor(reached(1), { what: 'the last document', deadlineMs: 60_000 })
    done.abort()
    await receiving

    assert.deepEqual(failures, [])
    assert.equal(handedIn.size, documents)
    assert.equal(received.length, documents)
    assert.deepEqual(
      new Map(received.map(({ uid, sha256 }) => [uid, sha256])),
      new Map([...handedIn].sort(byUid(received))),
    )
    assert.ok(
      [...troubles.values()].some((count) => count > 0),
      'the kills were felt',
    )
  })
})

/** The order they arrived in. */
function byUid(received: readonly { readonly uid: string }[]) {
  const place = new Map(received.map(({ uid }, index) => [uid, index]))
  return ([a]: [string, string], [b]: [string, string]) => (place.get(a) ?? 0) - (place.get(b) ?? 0)
}
