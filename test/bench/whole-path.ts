/** The whole life of small documents: submitted, over five links, into a mailbox, the receipt known at the origin. */
import { waitFor } from '../kit/index.ts'
import { monotonicMs } from './clock.ts'
import { inParallel } from './in-parallel.ts'
import { newMail } from './new-mail.ts'
import type { PacketMaker } from './packets.ts'
import type { Relays } from './relay-processes.ts'
import { wholePath } from './stage.ts'

export const wholePathOrigin = wholePath[0]
export const wholePathEnd = wholePath[5]

const submitWidth = 64
const deadlineMs = 120_000

/** Documents per second, from the first submit to the last receipt. Throws when one is not in its mailbox. */
export async function wholePathThroughput(parts: {
  readonly relays: Relays
  readonly maker: PacketMaker
  readonly documents: number
}): Promise<number> {
  const { relays, maker, documents } = parts
  const sender = relays.client(wholePathOrigin)
  const mail = newMail(relays.client(wholePathEnd), wholePathEnd)
  await mail.take()
  const startedAt = monotonicMs()
  await inParallel(documents, submitWidth, () => sender.submit(maker.next(), { as: wholePathOrigin }))
  await waitFor(async () => (await sender.status()).backlog.documents === 0, {
    what: 'the receipt of every document',
    deadlineMs,
  })
  const rate = (documents * 1_000) / (monotonicMs() - startedAt)
  const { length: delivered } = await mail.take()
  if (delivered !== documents) throw new Error(`${delivered} of ${documents} documents lie in the mailbox`)
  return rate
}
