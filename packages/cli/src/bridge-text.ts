/** What an axis lacks and what both sides claim, as rows for people and spreadsheets. */
import { type BridgeLine, type PhraseKey, phrases, writeCsv } from '@lienthong/core'
import type { BridgeOverlaps } from '@lienthong/relay'
import type { Context } from './command.ts'
import { renderTable } from './output.ts'

/** Overlaps named one by one on a terminal. */
const shownOverlaps = 50

/** Item, state, whom, what, at, command. */
export type BridgeRow = readonly [string, string, string, string, string, string]

export function bridgeRow(line: BridgeLine, { say }: Context): BridgeRow {
  const { item, state, about, at, command } = line
  const mend = command === '' || !isOurs(command) ? command : `lienthong ${command}`
  return [say(`bridge.item.${item}`), say(`bridge.state.${state}`), about, lineText(line, say), at, mend]
}

function lineText({ fault, value, of, other }: BridgeLine, say: Context['say']): string {
  switch (fault) {
    case null:
      return of === 0 || of === null ? say('bridge.sum.none') : say('bridge.sum', { value: value ?? 0, of })
    case 'no-status':
    case 'ends':
    case 'differs':
    case 'clock':
      return say(`bridge.fault.${fault}`, { value: value ?? 0 })
    case 'contested':
      return say(`bridge.fault.${fault}`, { other })
    default:
      return say(`bridge.fault.${fault}`)
  }
}

/** The clock is set by the system, all else by this program. */
function isOurs(command: string): boolean {
  return command !== 'timedatectl'
}

export function overlapRows({ items, parent }: BridgeOverlaps, { say }: Context): readonly BridgeRow[] {
  return items.map(({ kind, code, node, organ, name, own }): BridgeRow => {
    const values = { code, node: node ?? parent, organ: organ ?? '', name, own: own.node, ownName: own.name }
    const mend = ['lienthong', 'org', 'show', organ ?? code].join(' ')
    const text = say(`bridge.overlap.${kind}`, values)
    return [say('bridge.item.overlaps'), say('bridge.state.lacking'), code, text, parent, mend]
  })
}

export function overlapText(overlaps: BridgeOverlaps, context: Context): string {
  const { say } = context
  if (overlaps.items.length === 0) return say('bridge.overlap.none')
  const rows = overlapRows(overlaps, context).slice(0, shownOverlaps)
  const left = overlaps.count - rows.length
  const more = left > 0 ? [say('bridge.overlap.more', { count: left })] : []
  return [bridgeTable(rows, context), ...more, say('bridge.overlap.rule')].join('\n')
}

export function bridgeTable(rows: readonly BridgeRow[], context: Context): string {
  return renderTable(headings(context), rows)
}

export function bridgeSheet(rows: readonly BridgeRow[], context: Context): string {
  return writeCsv([headings(context), ...rows.map((row) => [...row])], ';')
}

const headingKeys = [
  'heading.item',
  'heading.state',
  'heading.whom',
  'heading.lacks',
  'heading.mendAt',
  'heading.mendBy',
] as const satisfies readonly PhraseKey[]

function headings({ language }: Context): readonly string[] {
  return headingKeys.map((key) => phrases[key][language])
}
