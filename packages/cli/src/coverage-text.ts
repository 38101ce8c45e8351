/** How far the tree below a node is connected, as a table and as a sheet. */
import { type Coverage, type NodeCoverage, type TierCoverage, writeCsv } from '@lienthong/core'
import type { Context } from './command.ts'
import { renderTable } from './output.ts'

/** Names in one cell. */
const shownNames = 10

export function coverageTable({ tiers, directoryVersion }: Coverage, { say }: Context): string {
  const headings = [
    say('heading.tier'),
    say('heading.expected'),
    say('heading.joined'),
    say('heading.heardToday'),
    say('heading.sent30'),
    say('heading.missing'),
  ]
  const rows = tiers.map((tier) => [
    tier.tier,
    String(tier.expected),
    say('coverage.share', { count: tier.joined, of: tier.expected }),
    share(tier, tier.proven, tier.provenUnknown),
    share(tier, tier.sent, tier.sentUnknown),
    names(tier.missing),
  ])
  return `${renderTable(headings, rows)}\n\n${say('coverage.asOf', { version: directoryVersion })}`

  function share({ expected }: TierCoverage, count: number, unknown: number): string {
    const values = { count, of: expected }
    return unknown === 0 ? say('coverage.share', values) : say('coverage.partly', { ...values, unknown })
  }

  function names(missing: readonly string[]): string {
    const shown = missing.slice(0, shownNames).join(', ')
    const rest = missing.length - shownNames
    return rest > 0 ? say('coverage.more', { names: shown, count: rest }) : shown
  }
}

/** A row for each node. */
export function coverageSheet(nodes: readonly NodeCoverage[], { say }: Context): string {
  const word = (known: boolean | null) =>
    say(known === null ? 'coverage.unknown' : known ? 'coverage.yes' : 'coverage.no')
  const headings = [
    say('heading.node'),
    say('heading.tier'),
    say('heading.parent'),
    say('heading.joined'),
    say('heading.heardToday'),
    say('heading.sent30'),
  ]
  const rows = nodes.map(({ node, tier, parent, joined, proven, sent }) => {
    return [node, tier, parent ?? '', word(joined), word(proven), word(sent)]
  })
  return writeCsv([headings, ...rows], ';')
}
