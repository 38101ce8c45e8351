import { type Play, submit, untilRead } from '../play.ts'
import { clock } from '../report.ts'
import { prepareStatus } from '../senders.ts'
import { until } from '../until.ts'

const codes = [1, 3] as const
const statusDeadlineMs = 10_000

/** The recipient answers with status packets; the sender sees them beside its document. */
export async function statusesBack(play: Play): Promise<void> {
  const { report, stage, programme, outgoing } = play
  const { letter } = programme
  const [organ = ''] = letter.to
  report.heading(report.say('demo.status.heading', { from: organ, to: letter.from, title: letter.title }))
  for (const code of codes) {
    const status = await prepareStatus(outgoing, { letter, from: organ, code, now: Date.now() })
    await submit(play, status)
    const read = await untilRead(play, status, letter.from)
    const known = await until(
      report,
      async () => {
        const [document] = await stage.door(letter.from).track({ uid: letter.uid })
        return document?.recipients.find((each) => each.organ === organ && each.statusCode === code)
      },
      {
        what: report.say('demo.wait.status', { code: shown(code), title: letter.title }),
        deadlineMs: statusDeadlineMs,
      },
    )
    const meaning = report.say(code === 1 ? 'demo.status.arrived' : 'demo.status.registered')
    const values = { code: shown(code), meaning, organ, time: clock(known.statusAt ?? read.deliveredAt) }
    report.check(true, report.say('demo.check.status', values))
  }
}

function shown(code: number): string {
  return String(code).padStart(2, '0')
}
