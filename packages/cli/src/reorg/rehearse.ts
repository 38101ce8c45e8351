/** A re-organisation rehearsed with expected traffic: on copies of the directory, nothing is sent or changed. */
import {
  type Directory,
  dayStart,
  type NodeId,
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
import { pairsIn, trafficDays, trafficOf } from './traffic.ts'

/** Pairs shown on a page; `-o json` has them all. */
const maxShown = 100
/** Nodes written out in one sentence. */
const maxNamed = 20

/** Prints each pair that changes, and how many there are of each kind. */
export async function rehearse(
  { effective }: Reorg,
  { plan, nodes }: { readonly plan: ReorgPlan; readonly nodes: PartNodes },
  input: CommandInput,
  context: Context,
): Promise<void> {
  const { directory } = nodes
  const days = trafficDays(input)
  const sent = days === null ? null : await trafficOf(nodes, days)
  const pairs =
    sent === null
      ? await pairsIn(input.required('traffic'), context)
      : [...sent.pairs.toSorted((a, b) => b.documents - a.documents), ...usualPairs(plan, directory, sent.pairs)]
  const at = { before: Date.now(), after: Math.max(Date.now(), dayStart(effective) ?? 0) }
  const items = rehearseReorg(pairs, { before: directory, after: plan.after }, at)
  const counts = Object.fromEntries(
    rehearsalOutcomes.map((outcome) => [outcome, items.filter((item) => item.outcome === outcome).length]),
  ) as Readonly<Record<(typeof rehearsalOutcomes)[number], number>>
  const documents = sent === null ? null : documentsIn(items)
  await context.print({
    json: { effective, counts, ...(sent === null ? {} : { days, documents, silent: sent.silent }), items },
    table: () =>
      [
        rehearsalText(items, counts, context),
        ...(documents === null || days === null ? [] : [context.say('rehearsal.documents', { days, ...documents })]),
      ].join('\n'),
  })
  if (sent !== null && sent.silent.length > 0 && context.format === 'table') {
    await context.note(context.say('rehearsal.silent', { nodes: namedNodes(sent.silent, context) }))
  }
}

/** Sent in those days: all, and those that a change concerns. */
function documentsIn(items: readonly RehearsedPair[]): { readonly all: number; readonly changed: number } {
  const sum = (some: readonly RehearsedPair[]) => some.reduce((count, { documents = 0 }) => count + documents, 0)
  return { all: sum(items), changed: sum(items.filter(({ outcome }) => outcome !== 'same')) }
}

function namedNodes(nodes: readonly NodeId[], { say }: Context): string {
  const organs = nodes.slice(0, maxNamed).join(', ')
  const count = nodes.length - maxNamed
  return count > 0 ? say('recall.andMore', { organs, count }) : organs
}

/** What the top sends to whatever changes and got nothing in those days. */
function usualPairs(
  { steps }: ReorgPlan,
  { organisations, nodes }: Directory,
  sent: readonly TrafficPair[],
): readonly TrafficPair[] {
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
  const known = new Set(sent.map(({ to }) => to))
  return [...new Set([...closed, ...served])].filter((to) => !known.has(to)).map((to) => ({ from, to }))
}

function rehearsalText(
  items: readonly RehearsedPair[],
  counts: Readonly<Record<(typeof rehearsalOutcomes)[number], number>>,
  { say }: Context,
): string {
  const changed = items.filter(({ outcome }) => outcome !== 'same')
  const rows = changed
    .slice(0, maxShown)
    .map(({ from, to, documents, before, after, outcome }) => [
      from,
      to,
      documents === undefined ? '' : String(documents),
      wayText(before),
      wayText(after),
      say(`rehearsal.${outcome}`),
    ])
  const headings = (
    ['heading.from', 'heading.to', 'heading.documents', 'heading.before', 'heading.after', 'heading.outcome'] as const
  ).map((key) => say(key))
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
