/** Documents between all organisations, one after the other, by the codes everybody knows: the old ones. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectControl } from '@lienthong/cli'
import { type OrganId, RelayError } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'
import type { ReorgLedger } from './reorg-ledger.ts'
import { nameOf, tree } from './tree.ts'

/** Between two documents. */
const everyMs = 60
/** Every so many a large one, and one to all. */
const largeEvery = 15
const largeBytes = 3_000_000
const allEvery = 10

export interface Traffic {
  /** Documents that a node has accepted. */
  readonly sent: number
  /** Asks the nodes of these senders. */
  allCollected(senders: readonly OrganId[]): Promise<boolean>
  stop(): Promise<void>
}

export function startTraffic(socketOf: (organ: OrganId) => string, ledger: ReorgLedger): Traffic {
  const organs = tree.map(({ id }) => id)
  const accepted: { readonly from: OrganId; readonly uid: string; readonly to: readonly OrganId[] }[] = []
  let stopped = false

  async function send(number: number): Promise<void> {
    const from = organs[number % organs.length] as OrganId
    const others = organs.filter((organ) => organ !== from)
    const to = number % allEvery === 0 ? others : [others[(number * 5) % others.length] as OrganId]
    const title = `${number}/DEMO`
    const parts: Uint8Array[] = []
    const packet = samplePacket({
      from: { organId: from, organName: nameOf(from) },
      to: to.map((organ) => ({ organId: organ, organName: nameOf(organ) })),
      number: title,
      subject: 'Trao đổi trong thời gian sắp xếp',
      attachmentBytes: number % largeEvery === 0 ? largeBytes : 20_000,
      promulgationDate: '2025/07/01',
      documentId: `${from},2025/07/01,${title}`,
    })
    for await (const part of packet) parts.push(part)
    const body = Buffer.concat(parts)
    try {
      const { uid } = await connectControl(socketOf(from)).submit(body, { as: from })
      ledger.sent({ title, sha256: createHash('sha256').update(body).digest('hex'), to })
      accepted.push({ from, uid, to })
    } catch (error) {
      // Whoever has closed sends no more.
      if (!(error instanceof RelayError) || error.code !== 'SENDER_NOT_ALLOWED') throw error
    }
  }

  const running = (async () => {
    for (let number = 1; !stopped; number += 1) {
      await send(number)
      await sleep(everyMs)
    }
  })()
  // Whoever stops it hears of it.
  running.catch(() => undefined)

  return {
    get sent() {
      return accepted.length
    },
    async allCollected(senders) {
      for (const { from, uid } of accepted.filter((each) => senders.includes(each.from))) {
        const [document] = await connectControl(socketOf(from)).track({ uid })
        if (document === undefined || document.recipients.some(({ state }) => state !== 'collected')) return false
      }
      return true
    },
    stop() {
      stopped = true
      return running
    },
  }
}
