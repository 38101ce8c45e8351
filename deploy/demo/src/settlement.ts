/** The end of the show: does every node know what the clients know, is nothing left under way, who has what. */
import type { Outcome, Totals } from './ledger.ts'
import type { Play } from './play.ts'
import { clock, duration, type Report, size } from './report.ts'
import { tree } from './tree.ts'
import { until } from './until.ts'

/** For the last receipts to come home, ms. */
const settleDeadlineMs = 30_000
/** For what is under way when something failed, ms. */
const arriveDeadlineMs = 5_000

/** Digits of a digest shown on a page. */
const shownDigits = 12

/** Waits until senders' nodes call every recipient collected, and no node has anything left to send. */
export async function checkSenders(play: Play): Promise<void> {
  const { report } = play
  report.heading(report.say('demo.settle.heading'))
  const collected = await holds(play, allCollected)
  report.check(collected, report.say('demo.check.collected', { count: play.ledger.letters.length }))
  const settled = await holds(play, allSettled)
  report.check(settled, report.say('demo.check.settled', { count: tree.length }))
  report.check(await mailboxesExact(play), report.say('demo.check.mailboxes'))
}

/** After something failed: lets what is on its way arrive, so that the count says what is really lost. */
export async function letArrive({ report, ledger }: Play): Promise<void> {
  const patience = { what: report.say('demo.wait.underWay'), deadlineMs: arriveDeadlineMs }
  await until(report, () => ledger.answered, patience).catch(() => false)
}

/** One line per document and recipient, and what does not add up. */
export function showOutcomes({ report, ledger }: Play): Totals {
  report.heading(report.say('demo.result.heading'))
  const outcomes = ledger.outcomes()
  const titleWidth = Math.max(0, ...outcomes.map(({ letter }) => letter.title.length))
  const idWidth = Math.max(...tree.map(({ id }) => id.length))
  for (const outcome of outcomes) {
    const { letter, organ } = outcome
    const way = `${letter.from.padEnd(idWidth)} → ${organ.padEnd(idWidth)}`
    const facts = `${size(report.language, letter.bytes).padStart(8)}   ${letter.sha256.slice(0, shownDigits)}`
    report.line(`  ${letter.title.padEnd(titleWidth)}   ${way}   ${facts}   ${fate(report, outcome)}`)
  }
  const totals = ledger.totals()
  report.line()
  if (totals.strange > 0) report.check(false, report.say('demo.check.strange', { count: totals.strange }))
  return totals
}

/** What the client of that organisation says it has. */
function fate(report: Report, { reports }: Outcome): string {
  const [first] = reports
  if (first === undefined) return report.say('demo.result.lost')
  if (reports.length > 1) return report.say('demo.result.duplicated', { count: reports.length })
  const took = duration(report.language, first.readAt - first.deliveredAt)
  return report.say('demo.result.read', { time: clock(first.deliveredAt), took })
}

async function allCollected({ stage, ledger }: Play): Promise<boolean> {
  for (const { uid, from, to } of ledger.letters) {
    const [document] = await stage.door(from).track({ uid })
    const collected = document?.recipients.filter(({ state }) => state === 'collected').map(({ organ }) => organ) ?? []
    if (!to.every((organ) => collected.includes(organ)) || document?.recipients.length !== to.length) return false
  }
  return true
}

async function allSettled({ stage }: Play): Promise<boolean> {
  for (const { id } of tree) {
    const { backlog, openAssemblies } = await stage.door(id).status()
    if (backlog.documents > 0 || backlog.copies > 0 || openAssemblies > 0) return false
  }
  return true
}

/** Each mailbox holds what was sent to it, item by item, collected or not. */
async function mailboxesExact({ stage, ledger }: Play): Promise<boolean> {
  for (const { id } of tree) {
    const { items } = await stage.door(id).list(id, { all: true, limit: 1_000 })
    const due = ledger.letters.filter(({ to }) => to.includes(id)).map(({ sha256 }) => sha256)
    const there = items.map(({ payload }) => payload.sha256)
    if (due.sort().join() !== there.sort().join()) return false
  }
  return true
}

async function holds(play: Play, condition: (play: Play) => Promise<boolean>): Promise<boolean> {
  const what = play.report.say('demo.wait.settled')
  return until(play.report, () => condition(play), { what, deadlineMs: settleDeadlineMs }).catch(() => false)
}
