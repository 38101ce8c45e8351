/** Shows the way of documents as they go it: accepted, each copy on each link, in the mailbox, read. */
import type { RelayEvent } from '@lienthong/relay'
import type { Letter } from './ledger.ts'
import type { Play } from './play.ts'
import { duration } from './report.ts'
import { arrivalIn, type Trace } from './trace.ts'
import { legName, tree } from './tree.ts'

/** Width of `H29.18 → H29.18.05`, so that lines stand in columns. */
const placeWidth = 2 * Math.max(...tree.map(({ id }) => id.length)) + 3
const timeWidth = 9

/**
 * Shows these letters until the returned function is called. Times count from the first of them accepted. Of a
 * document of many segments, the first and the last on each link.
 */
export function follow({ report, trace, ledger }: Play, letters: readonly Letter[]): () => void {
  const titleWidth = letters.length === 1 ? 0 : Math.max(...letters.map(({ title }) => title.length)) + 2
  let startedAt: number | undefined

  function show(letter: Letter, step: { readonly at: number; readonly place: string; readonly text: string }): void {
    startedAt ??= step.at
    const time = duration(report.language, Math.max(0, step.at - startedAt)).padStart(timeWidth)
    const title = titleWidth === 0 ? '' : letter.title.padEnd(titleWidth)
    report.line(`  ${time}   ${title}${step.place.padEnd(placeWidth)}   ${step.text}`)
  }

  const stopEvents = trace.listen((event) => {
    const letter = 'uid' in event ? letters.find(({ uid }) => uid === event.uid) : undefined
    if (letter === undefined) return
    const arrival = arrivalIn(event)
    if (arrival !== null) {
      const { leg, at, segment, segments } = arrival
      const ofMany = segments > 1 ? `, ${report.say('demo.trace.segment', { segment: segment + 1, segments })}` : ''
      if (segment > 0 && segment < segments - 1) return
      const copy = copyNumber(trace, event, letter.uid)
      show(letter, { at, place: legName(leg), text: `${report.say('demo.trace.copy', { copy })}${ofMany}` })
    } else if (event.type === 'accepted') {
      const count = event.recipients.length
      // Its own instant is that of the seal, before the document was on disk.
      show(letter, { at: Date.now(), place: event.node, text: report.say('demo.trace.accepted', { count }) })
    } else if (event.type === 'delivered' && event.fresh.length > 0) {
      show(letter, { at: event.at, place: event.node, text: report.say('demo.trace.delivered') })
    }
  })
  const stopReports = ledger.listen((read) => {
    const letter = letters.find(({ sha256 }) => sha256 === read.sha256)
    if (letter === undefined) return
    show(letter, { at: read.readAt, place: read.organ, text: report.say('demo.trace.read') })
  })
  return () => {
    stopEvents()
    stopReports()
  }
}

/** Which copy of its segment this is on its link: 1 is the only one there should be. */
function copyNumber(trace: Trace, event: RelayEvent, uid: string): number {
  const arrival = arrivalIn(event)
  if (arrival === null) return 0
  const name = legName(arrival.leg)
  return trace.arrivals(uid).filter((other) => legName(other.leg) === name && other.segment === arrival.segment).length
}
