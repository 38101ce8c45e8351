/** What the nodes of a re-organisation have still to hand over. They do it by themselves; here they are asked. */
import type { NodeId, ReorgStep } from '@lienthong/core'
import type { Context } from '../command.ts'
import { printable } from '../printable.ts'
import type { Journal } from './journal.ts'
import { askEach, type PartNode } from './part-nodes.ts'

/** `rows`: of mailboxes that another node keeps now; null: the node did not say. */
export interface HandingOver {
  readonly node: NodeId
  readonly rows: number | null
}

/** Of the nodes whose mailboxes are to go, as far as that has begun; one that has left has handed over all it had. */
export async function handingOver(
  { steps, done }: Pick<Journal, 'steps' | 'done'>,
  nodes: ReadonlyMap<NodeId, PartNode>,
): Promise<readonly HandingOver[]> {
  const isDone = ({ id }: ReorgStep) => done[id] !== undefined
  const gone = new Set(steps.flatMap((step) => (step.kind === 'leave' && isDone(step) ? [step.node] : [])))
  const begun = steps.filter((step) => step.kind === 'handover' && isDone(step) && !gone.has(step.node))
  return askEach([...new Set(begun.map(({ node }) => node))], async (node) => {
    const health = await nodes
      .get(node)
      ?.client.health()
      .catch(() => undefined)
    return { node, rows: health?.handover ?? null }
  })
}

/** A handover has been done when its node has nothing left that is another's. */
export function isCarriedOut(
  step: ReorgStep,
  { done }: Pick<Journal, 'done'>,
  handing: readonly HandingOver[],
): boolean {
  if (done[step.id] === undefined) return false
  return step.kind !== 'handover' || !handing.some(({ node, rows }) => node === step.node && rows !== 0)
}

export function handingText(handing: readonly HandingOver[], { say }: Context): readonly string[] {
  const silent = handing.flatMap(({ node, rows }) => (rows === null ? [node] : []))
  return [
    ...handing.flatMap(({ node, rows }) =>
      rows === null || rows === 0 ? [] : [printable(say('reorg.handing', { node, rows }))],
    ),
    ...(silent.length === 0 ? [] : [printable(say('reorg.handing.unknown', { nodes: silent.join(', ') }))]),
  ]
}
