/** Documents as the store has them, with what the directory of today says of their recipients. */
import { closedOnTheWay } from '@lienthong/core'
import type { TrackedDocument } from '@lienthong/store'
import type { NodeContext } from './context.ts'

export function asOfToday(
  { table }: Pick<NodeContext, 'table'>,
  documents: readonly TrackedDocument[],
): readonly TrackedDocument[] {
  return documents.map((document) => {
    const recipients = document.recipients.map((recipient) => {
      const since = closedOnTheWay(table, recipient, document.from)
      return since === null ? recipient : { ...recipient, closed: [...recipient.closed, since] }
    })
    return { ...document, recipients }
  })
}
