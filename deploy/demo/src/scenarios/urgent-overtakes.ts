import type { RelayEvent } from '@lienthong/relay'
import { showCopies } from '../copies.ts'
import { follow } from '../follow.ts'
import { type Play, submit, untilRead } from '../play.ts'
import { clock, duration, size } from '../report.ts'
import { until } from '../until.ts'

const startDeadlineMs = 30_000

/** A small urgent document sets out after a large one, on the same way, and arrives before it. */
export async function urgentOvertakes(play: Play): Promise<void> {
  const { report, trace, programme } = play
  const { large, urgent } = programme
  const [organ = ''] = large.to
  const bytes = size(report.language, large.bytes)
  report.heading(report.say('demo.urgent.heading', { from: large.from, to: organ, size: bytes, urgent: urgent.title }))

  const unfollow = follow(play, [large, urgent])
  const largeAccepted = submit(play, large)
  const [first] = await Promise.all([
    until(report, () => trace.first(isFirstSent(large.uid, large.from)), {
      what: report.say('demo.wait.firstSegment', { title: large.title }),
      deadlineMs: startDeadlineMs,
    }),
    largeAccepted,
  ])
  const submittedAt = Date.now()
  report.line(`  ${report.say('demo.urgent.submitted', { title: urgent.title, time: clock(submittedAt) })}`)
  await submit(play, urgent)
  const overtaken = await untilRead(play, urgent, organ)
  const arrived = () => trace.arrivals(large.uid).filter(({ leg }) => leg.to === organ)
  await untilRead(play, large, organ)
  unfollow()

  const lastAt = Math.max(...arrived().map(({ at }) => at))
  const last = { time: clock(lastAt), title: large.title, organ }
  report.line(
    `  ${report.say('demo.urgent.delivered', { ...last, title: urgent.title, time: clock(overtaken.deliveredAt) })}`,
  )
  report.line(`  ${report.say('demo.urgent.last', last)}`)
  report.check(
    first.at <= submittedAt && arrived().length >= first.segments && overtaken.deliveredAt < lastAt,
    report.say('demo.check.urgent', { ahead: duration(report.language, lastAt - overtaken.deliveredAt) }),
  )
  showCopies(play, large)
}

function isFirstSent(
  uid: string,
  origin: string,
): (event: RelayEvent) => event is Extract<RelayEvent, { type: 'sent' }> {
  return (event): event is Extract<RelayEvent, { type: 'sent' }> =>
    event.type === 'sent' && event.uid === uid && event.node === origin
}
