/**
 * Does what happens around it slow the traffic inside a province? The same steady rate of small documents from its
 * department to its district, four times: at rest, with the centre away, at rest, with another child's queue full.
 *
 * A document's clock runs from before `submit` until its row is seen in the mailbox, which is looked at every few ms.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ControlClient } from '@lienthong/cli'
import { waitFor } from '../kit/index.ts'
import { monotonicMs } from './clock.ts'
import { atRate } from './in-parallel.ts'
import { type NewMail, newMail } from './new-mail.ts'
import type { PacketMaker } from './packets.ts'
import { canPublish, type Relays } from './relay-processes.ts'
import { absentChild, department, district, linkQueueBytes, province, type Stage } from './stage.ts'
import { percentile } from './statistics.ts'

export const documentsPerSecond = 100
/** Of the documents that cannot leave: for the centre while it is away, for the child whose queue is full. */
const stuckPerSecond = 20
const lookMs = 4
/** The broker's limit is soft: what is under way when it is reached is still taken. */
const fillMarginBytes = 24 * 1024 * 1024
const deadlineMs = 60_000

export interface ProvinceParts {
  readonly stage: Stage
  readonly relays: Relays
  /** Department to district, to the centre, to the absent child; and large ones to the absent child. */
  readonly makers: Readonly<Record<'inside' | 'centre' | 'absent' | 'filler', PacketMaker>>
  /** Documents of each measurement. */
  readonly documents: number
}

export interface ProvinceDelays {
  /** p99, ms: twice at rest. */
  readonly rest: readonly [number, number]
  readonly centreAway: number
  readonly childFull: number
}

export async function provinceDelays(parts: ProvinceParts): Promise<ProvinceDelays> {
  const { stage, relays, makers } = parts
  const first = await measure(parts, null)
  await stage.proxy(province).setMode('refuse')
  await waitFor(async () => !canPublish(await relays.client(province).status()), { what: 'the bridge to be cut' })
  const centreAway = await measure(parts, makers.centre)
  await stage.proxy(province).setMode('pass')
  await waitFor(async () => canPublish(await relays.client(province).status()), { what: 'the bridge', deadlineMs })
  await stage.empty([province], 'lt.up.bulk')
  const second = await measure(parts, null)
  await fill(relays.client(department), makers.filler)
  const childFull = await measure(parts, makers.absent)
  return { rest: [first, second], centreAway, childFull }
}

/** p99 in ms, while documents that cannot leave the province are handed in beside those that are measured. */
async function measure({ relays, makers, documents }: ProvinceParts, stuck: PacketMaker | null): Promise<number> {
  const sender = relays.client(department)
  const begun = new Map<string, number>()
  const mail = newMail(relays.client(district), district)
  // What lies there already; before anything new can come.
  await mail.take()
  const seen = watchMailbox(mail, documents)
  const beside = stuck === null ? 0 : Math.floor((documents * stuckPerSecond) / documentsPerSecond)
  await Promise.all([
    atRate(documentsPerSecond, documents, async () => {
      const at = monotonicMs()
      const { uid } = await sender.submit(makers.inside.next(), { as: department })
      begun.set(uid, at)
    }),
    atRate(stuckPerSecond, beside, async () => {
      if (stuck !== null) await sender.submit(stuck.next(), { as: department })
    }),
  ])
  const delays = [...(await seen)].map(([uid, at]) => at - (begun.get(uid) ?? Number.NaN))
  return percentile(delays, 0.99)
}

/** When each of the next documents was seen, monotonic ms. */
async function watchMailbox(mail: NewMail, documents: number): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>()
  const endsAt = monotonicMs() + deadlineMs
  while (seen.size < documents) {
    const uids = await mail.take()
    const at = monotonicMs()
    for (const uid of uids) seen.set(uid, at)
    if (at > endsAt) throw new Error(`${seen.size} of ${documents} documents came`)
    await sleep(lookMs)
  }
  return seen
}

/** Hands in more than the queue takes, and waits until its sender has been told so. */
async function fill(sender: ControlClient, maker: PacketMaker): Promise<void> {
  const uids: string[] = []
  for (let bytes = 0; bytes <= linkQueueBytes + fillMarginBytes; bytes += maker.bytes) {
    const { uid } = await sender.submit(maker.next(), { as: department })
    uids.push(uid)
  }
  await waitFor(
    async () => {
      const found = await Promise.all(uids.map((uid) => sender.track({ uid })))
      return found.flat().some(({ recipients }) => recipients.some(({ code }) => code === 'LINK_FULL'))
    },
    { what: `the queue of ${absentChild} to be full`, deadlineMs },
  )
}
