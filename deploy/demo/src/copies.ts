import type { Letter } from './ledger.ts'
import type { Play } from './play.ts'
import { legName, legsTo } from './tree.ts'

/** Links shown side by side. */
const perLine = 3
const cellWidth = 30

/** Shows the copies each link carried of a letter, and checks that it was one on every link of the way and no other. */
export function showCopies({ report, trace }: Play, letter: Letter): void {
  const copies = trace.copies(letter.uid)
  const legs = legsTo(letter.from, letter.to).map(legName)
  const counts = [...copies].map(([name, count]) => `${name}: ${count}`)
  report.line(`  ${report.say('demo.copies')}`)
  for (let row = 0; row < counts.length; row += perLine) {
    const cells = counts.slice(row, row + perLine).map((cell) => cell.padEnd(cellWidth))
    report.line(`    ${cells.join('').trimEnd()}`)
  }
  const once = legs.every((name) => copies.get(name) === 1) && copies.size === legs.length
  report.check(once, report.say('demo.check.copies', { links: legs.length, count: letter.to.length }))
}
