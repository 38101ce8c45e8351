/** A re-organisation rehearsed with expected traffic: on copies of the directory, nothing is sent or changed. */
import { resolve } from 'node:path'
import {
  type Directory,
  dayStart,
  isCode,
  type RehearsedPair,
  type RehearsedWay,
  type Reorg,
  type ReorgPlan,
  rehearsalOutcomes,
  rehearseReorg,
  type TrafficPair,
} from '@lienthong/core'
import type { CommandInput, Context } from '../command.ts'
import { renderTable } from '../output.ts'
import type { PartNodes } from './part-nodes.ts'

/** Pairs shown on a page; `-o json` has them all. */
const maxShown = 100

/** Prints each pair that changes, and how many there are of each kind. */
export async function rehearse(
  { effective }: Reorg,
  { plan, nodes }: { readonly plan: ReorgPlan; readonly nodes: PartNodes },
  input: CommandInput,
  context: Context,
): Promise<void> {
  const { directory } = nodes
  const file = input.text('traffic')
  const pairs = file === undefined ? usualPairs(plan, directory) : await pairsIn(file, context)
  const at = { before: Date.now(), after: Math.max(Date.now(), dayStart(effective) ?? 0) }
  const items = rehearseReorg(pairs, { before: directory, after: plan.after }, at)
  const counts = Object.fromEntries(
    rehearsalOutcomes.map((outcome) => [outcome, items.filter((item) => item.outcome === outcome).length]),
  ) as Readonly<Record<(typeof rehearsalOutcomes)[number], number>>
  await context.print({ json: { effective, counts, items }, table: () => rehearsalText(items, counts, context) })
}

/** Without a file: what the centre and the first of each branch send to whatever changes. */
function usualPairs({ steps }: ReorgPlan, { organisations, nodes }: Directory): readonly TrafficPair[] {
  const root = nodes.find(({ parent }) => parent === null)?.id
  const from = organisations.find(({ node, validTo }) => node === root && validTo === undefined)?.id
  if (from === undefined) return []
  const moved = new Set(steps.flatMap((step) => (step.kind === 'join' ? [step.node] : [])))
  const closed = steps.flatMap((step) =>
    step.kind === 'declare' ? step.edits.flatMap((edit) => (edit.edit === 'close' ? [edit.organ] : [])) : [],
  )
  const served = organisations
    .filter(({ node, validTo }) => moved.has(node) && validTo === undefined)
    .map(({ id }) => id)
  return [...new Set([...closed, ...served])].map((to) => ({ from, to }))
}

/** Two columns, from and to; a first row without codes is headings. Throws FILE_UNREADABLE. */
async function pairsIn(file: string, { terminal }: Context): Promise<readonly TrafficPair[]> {
  const { readSheetFile } = await import('../declared/sheet-file.ts')
  const { rows } = await readSheetFile(resolve(terminal.workingDir, file), file)
  return rows.flatMap(({ cells: [from = '', to = ''] }) =>
    isCode(from.trim()) && isCode(to.trim()) && from !== 'from' ? [{ from: from.trim(), to: to.trim() }] : [],
  )
}

function rehearsalText(
  items: readonly RehearsedPair[],
  counts: Readonly<Record<(typeof rehearsalOutcomes)[number], number>>,
  { say }: Context,
): string {
  const changed = items.filter(({ outcome }) => outcome !== 'same')
  const rows = changed
    .slice(0, maxShown)
    .map(({ from, to, before, after, outcome }) => [
      from,
      to,
      wayText(before),
      wayText(after),
      say(`rehearsal.${outcome}`),
    ])
  const headings = (['heading.from', 'heading.to', 'heading.before', 'heading.after', 'heading.outcome'] as const).map(
    (key) => say(key),
  )
  const more = changed.length - rows.length
  return [
    ...(rows.length === 0 ? [] : [renderTable(headings, rows)]),
    ...(more > 0 ? [say('rehearsal.more', { more })] : []),
    say('rehearsal.counted', counts),
  ].join('\n')
}

function wayText(way: RehearsedWay): string {
  return 'refused' in way ? `✗ ${way.refused}` : `${way.path.join(' → ')}: ${way.organ}`
}
