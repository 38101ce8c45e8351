/** Changes of a declared content as a person reads them: one line for each thing, its fields below it. */
import type { DeclaredDifference, FieldChange } from '@lienthong/core'
import type { Context } from '../command.ts'
import { printable } from '../printable.ts'

const signs = { added: '+', removed: '-', changed: '~' } as const

/** Ends with a line that counts them; says so when there are none. */
export function changesText(changes: readonly DeclaredDifference[], { say }: Context): string {
  if (changes.length === 0) return say('routes.noChange')
  const lines = changes.flatMap(({ thing, act, id, name, fields }) => {
    const called = name === null ? id : `${id} "${name}"`
    // What goes was seen when it came.
    const shown = act === 'removed' ? [] : fields.filter(({ field }) => act === 'changed' || !inTitle.includes(field))
    return [
      printable(`${signs[act]} ${say(`declared.thing.${thing}`)} ${called}`),
      ...shown.map((change) => `    ${say(`declared.field.${change.field}`)}: ${printable(fieldText(change, act))}`),
    ]
  })
  const count = (wanted: DeclaredDifference['act']) => changes.filter(({ act }) => act === wanted).length
  const counted = { added: count('added'), changed: count('changed'), removed: count('removed') }
  return [...lines, '', say('routes.counted', counted)].join('\n')
}

const inTitle: readonly string[] = ['id', 'name']

function fieldText(change: FieldChange, act: DeclaredDifference['act']): string {
  if ('added' in change) {
    if (act === 'added') return change.added.join(' ')
    return [...change.removed.map((value) => `-${value}`), ...change.added.map((value) => `+${value}`)].join(' ')
  }
  if (act === 'added') return change.after ?? ''
  return `${change.before ?? '∅'} → ${change.after ?? '∅'}`
}
