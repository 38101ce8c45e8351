import type { Letter } from './ledger.ts'
import type { Play } from './play.ts'
import { legName, legsTo } from './tree.ts'

/** Shows the copies each link carried of a letter, and checks that it was one on every link of the way and no other. */
export function showCopies({ report, trace }: Play, letter: Letter): void {
  const copies = trace.copies(letter.uid)
  const legs = legsTo(letter.from, letter.to).map(legName)
  const list = [...copies].map(([name, count]) => `${name}: ${count}`).join(',  ')
  report.line(`  ${report.say('demo.copies', { list })}`)
  const once = legs.every((name) => copies.get(name) === 1) && copies.size === legs.length
  report.check(once, report.say('demo.check.copies', { links: legs.length, count: letter.to.length }))
}
