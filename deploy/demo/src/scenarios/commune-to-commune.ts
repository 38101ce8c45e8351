import type { TrackedRecipient } from '@lienthong/store'
import { showCopies } from '../copies.ts'
import { follow } from '../follow.ts'
import { type Play, untilRead } from '../play.ts'
import { duration } from '../report.ts'
import { routeBetween } from '../tree.ts'
import { until } from '../until.ts'
import { submitByVxp } from '../vxp-sender.ts'

const receiptDeadlineMs = 10_000

/** A commune writes to a commune of the other province: up to the centre, and down again; VXP at one end, REST at the other. */
export async function communeToCommune(play: Play): Promise<void> {
  const { report, stage, programme } = play
  const { letter } = programme
  const [organ = ''] = letter.to
  report.heading(report.say('demo.commune.heading', { from: letter.from, to: organ, title: letter.title }))
  report.line(`  ${report.say('demo.commune.doors', { from: letter.from, to: organ })}`)
  const unfollow = follow(play, [letter])
  await submitByVxp(play, letter)
  await untilRead(play, letter, organ)
  unfollow()
  showCopies(play, letter)

  const recipient = await until(
    report,
    async () => {
      const [document] = await stage.door(letter.from).track({ uid: letter.uid })
      return document?.recipients.find((each) => each.state === 'collected')
    },
    { what: report.say('demo.wait.receipt', { title: letter.title }), deadlineMs: receiptDeadlineMs },
  )
  report.line(`  ${report.say('demo.commune.receipt', { path: receiptPath(play, recipient) })}`)
  const visited = recipient.path?.map(({ node }) => node).join(' ')
  report.check(visited === routeBetween(letter.from, organ).join(' '), report.say('demo.check.path'))
}

/** `H29.18.05 → H29.18 +12 ms → …`: each node's visit as the sealed receipt tells it. */
function receiptPath({ report }: Play, { path }: TrackedRecipient): string {
  const startedAt = path?.[0]?.at ?? 0
  return (path ?? [])
    .map(({ node, at }, index) => (index === 0 ? node : `${node} +${duration(report.language, at - startedAt)}`))
    .join(' → ')
}
