/** A plan as a person reads it: what each node does, in the order in which it is done. */
import type { DeclaredEdit, Reorg, ReorgPlan, ReorgStep } from '@lienthong/core'
import type { Context } from '../command.ts'
import { printable } from '../printable.ts'

/** `is done` marks a step; none are when a plan is only looked at. */
export function planText(
  { effective, reason }: Reorg,
  { steps, counts }: Pick<ReorgPlan, 'steps' | 'counts'>,
  { say }: Context,
  isDone: (step: ReorgStep) => boolean = () => false,
): string {
  const part = (when: ReorgStep['when'], heading: string): readonly string[] => {
    const own = steps.filter((step) => step.when === when)
    const lines = own.flatMap((step) => stepLines(step, isDone(step) ? '✓' : ' ', { say }))
    return own.length === 0 ? [] : [heading, ...lines, '']
  }
  return [
    printable(say('reorg.title', { effective, reason })),
    '',
    ...part('now', say('reorg.now')),
    ...part('date', say('reorg.date', { effective })),
    say('reorg.counted', counts),
  ].join('\n')
}

function stepLines(step: ReorgStep, mark: string, { say }: Pick<Context, 'say'>): readonly string[] {
  const line = (text: string) => printable(`${mark} ${step.node}: ${text}`)
  switch (step.kind) {
    case 'declare':
      return [line(say('reorg.step.declare')), ...step.edits.map((edit) => printable(`      ${editText(edit, say)}`))]
    case 'join':
      return [line(say('reorg.step.join', step))]
    case 'handover':
      return [line(say('reorg.step.handover', { to: step.to, organs: step.organs.join(' ') }))]
    case 'leave':
      return [line(say('reorg.step.leave', step))]
  }
}

function editText(edit: DeclaredEdit, say: Context['say']): string {
  switch (edit.edit) {
    case 'delegate':
      return say('reorg.edit.delegate', { child: edit.child.id, codes: edit.child.delegates.join(' ') })
    case 'open': {
      const { id, name, validFrom, validTo } = edit.organisation
      const isNew = validFrom !== undefined && validTo === undefined
      return isNew ? say('reorg.edit.open', { id, name, validFrom }) : say('reorg.edit.keep', { id, name })
    }
    case 'close': {
      const successors = edit.successors.length === 0 ? '∅' : edit.successors.join(' ')
      return say('reorg.edit.close', { id: edit.organ, validTo: edit.validTo, successors })
    }
    case 'set': {
      const { name, parent } = edit
      const facts = [name === undefined ? [] : `"${name}"`, parent === undefined ? [] : `↑ ${parent ?? '∅'}`].flat()
      return say('reorg.edit.set', { id: edit.organ, facts: facts.join(', ') })
    }
    case 'withdraw':
      return say('reorg.edit.withdraw', { id: edit.organ })
    case 'dismiss':
      return say('reorg.edit.dismiss', { child: edit.child })
  }
}
