/** What every scenario works with. */
import { createReadStream } from 'node:fs'
import type { OrganId } from '@lienthong/core'
import type { ClientReport, Ledger, Letter } from './ledger.ts'
import type { Programme } from './programme.ts'
import type { Receivers } from './receivers.ts'
import type { Report } from './report.ts'
import type { PreparedLetter } from './senders.ts'
import type { Stage } from './stage.ts'
import type { Trace } from './trace.ts'
import { until } from './until.ts'

export interface Play {
  readonly report: Report
  readonly stage: Stage
  readonly trace: Trace
  readonly ledger: Ledger
  readonly receivers: Receivers
  readonly programme: Programme
  /** Folder of the senders' packets. */
  readonly outgoing: string
}

/** Past this a document is called lost, ms. */
const deliveryDeadlineMs = 60_000

/** Hands a packet in at its sender's node and enters it in the ledger. */
export async function submit({ stage, ledger, report }: Play, letter: PreparedLetter): Promise<void> {
  const reply = await stage.door(letter.from).submit(createReadStream(letter.file), { as: letter.from })
  ledger.sent(letter)
  if (reply.uid !== letter.uid) report.check(false, report.say('demo.check.uid', { title: letter.title }))
}

/** Resolves when this organisation's client has read exactly these bytes; rejects when it has read others, or ended. */
export function untilRead(play: Play, letter: Letter, organ: OrganId): Promise<ClientReport> {
  const what = play.report.say('demo.wait.read', { title: letter.title, organ })
  return until(play.report, () => readBy(play, letter, organ), { what, deadlineMs: deliveryDeadlineMs })
}

/** As `untilRead`, for every recipient. */
export async function untilAllRead(play: Play, letter: Letter): Promise<void> {
  const { report } = play
  const what = report.say('demo.wait.allRead', { title: letter.title, count: letter.to.length })
  const allRead = () => letter.to.map((organ) => readBy(play, letter, organ)).every(Boolean)
  await until(report, allRead, { what, deadlineMs: deliveryDeadlineMs })
}

function readBy({ ledger, receivers, report }: Play, letter: Letter, organ: OrganId): ClientReport | undefined {
  const [dead] = receivers.ended()
  if (dead !== undefined) throw new Error(report.say('demo.failed.client', dead))
  if (ledger.otherBytes(letter, organ)) {
    throw new Error(report.say('demo.failed.bytes', { title: letter.title, organ }))
  }
  return ledger.reports(letter, organ)[0]
}
