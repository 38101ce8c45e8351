import { showCopies } from '../copies.ts'
import { follow } from '../follow.ts'
import { type Play, submit, untilAllRead } from '../play.ts'

/** The centre writes to all at once: one copy on each link, whatever the number of recipients behind it. */
export async function centreToAll(play: Play): Promise<void> {
  const { report, programme } = play
  const { circular } = programme
  const count = circular.to.length
  report.heading(report.say('demo.all.heading', { from: circular.from, count, title: circular.title }))
  const unfollow = follow(play, [circular])
  await submit(play, circular)
  await untilAllRead(play, circular)
  unfollow()
  showCopies(play, circular)
}
