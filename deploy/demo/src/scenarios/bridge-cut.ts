import { setTimeout as sleep } from 'node:timers/promises'
import type { RelayEvent } from '@lienthong/relay'
import { follow } from '../follow.ts'
import { type Play, submit, untilRead } from '../play.ts'
import { clock, duration } from '../report.ts'
import { bridge } from '../tree.ts'
import { until } from '../until.ts'

/** How long the line is silent at least, and then refuses, ms. */
const silentMs = 2_500
const refusedMs = 2_000
const noticeDeadlineMs = 20_000

/**
 * The line from the province to the centre fails: first nothing comes through, as if a cable were cut somewhere far
 * away, then every connection is refused. The province goes on; what has to cross waits and arrives afterwards.
 */
export async function bridgeCut(play: Play): Promise<void> {
  const { report, stage, trace, ledger, programme } = play
  const { inside, across } = programme
  const [insideOrgan = ''] = inside.to
  const [acrossOrgan = ''] = across.to
  const line = { from: bridge.child, to: bridge.parent }
  report.heading(report.say('demo.cut.heading', line))

  await stage.bridge.setMode('silent')
  const cutAt = Date.now()
  const carried = bytesCarried(play)
  report.line(`  ${report.say('demo.cut.silent', { ...line, time: clock(cutAt) })}`)
  const unfollow = follow(play, [across, inside])
  await submit(play, across)
  await submit(play, inside)
  const meanwhile = await untilRead(play, inside, insideOrgan)
  await report.during(report.say('demo.cut.waiting', line), sleep(Math.max(0, cutAt + silentMs - Date.now())))

  await stage.bridge.setMode('refuse')
  const refusedAt = Date.now()
  report.line(`  ${report.say('demo.cut.refused', { ...line, time: clock(refusedAt) })}`)
  const noticed = await until(report, () => trace.first(isLinkDown(cutAt)), {
    what: report.say('demo.wait.linkDown', line),
    deadlineMs: noticeDeadlineMs,
  })
  report.line(`  ${report.say('demo.cut.noticed', { node: noticed.node, time: clock(noticed.at) })}`)
  await report.during(report.say('demo.cut.waiting', line), sleep(Math.max(0, refusedAt + refusedMs - Date.now())))
  const nothingCarried = bytesCarried(play) === carried
  const heldBack = ledger.reports(across, acrossOrgan).length === 0

  await stage.bridge.setMode('pass')
  const backAt = Date.now()
  report.line(`  ${report.say('demo.cut.back', { ...line, time: clock(backAt), gap: span(play, backAt - cutAt) })}`)
  const afterwards = await untilRead(play, across, acrossOrgan)
  unfollow()
  report.check(nothingCarried && heldBack, report.say('demo.check.cut', line))
  report.check(
    meanwhile.deliveredAt > cutAt && meanwhile.readAt < backAt,
    report.say('demo.check.inside', {
      title: inside.title,
      organ: insideOrgan,
      time: clock(meanwhile.deliveredAt),
      before: span(play, backAt - meanwhile.deliveredAt),
    }),
  )
  report.check(
    afterwards.deliveredAt >= backAt,
    report.say('demo.check.across', {
      title: across.title,
      organ: acrossOrgan,
      time: clock(afterwards.deliveredAt),
      after: span(play, afterwards.deliveredAt - backAt),
    }),
  )
}

function bytesCarried({ stage }: Play): number {
  return stage.bridge.forwarded.up + stage.bridge.forwarded.down
}

function span({ report }: Play, ms: number): string {
  return duration(report.language, ms)
}

function isLinkDown(since: number): (event: RelayEvent) => event is Extract<RelayEvent, { type: 'link' }> {
  return (event): event is Extract<RelayEvent, { type: 'link' }> =>
    event.type === 'link' &&
    event.node === bridge.child &&
    event.at >= since &&
    event.status.phase !== 'open' &&
    event.status.phase !== 'stalled'
}
