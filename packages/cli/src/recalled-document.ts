/** The one sent document that a command takes back, by UID, DocumentId or number. */
import { documentTypes, lookupKey, RelayError } from '@lienthong/core'
import type { TrackedDocument } from '@lienthong/store'
import type { CommandInput, Context, OptionSpec } from './command.ts'
import type { ControlClient } from './control/client.ts'
import { trackKey } from './track-key.ts'

export const documentOptions = {
  number: { describe: 'option.number', type: 'text' },
  date: { describe: 'option.recall.date', type: 'text' },
  as: { describe: 'option.recall.as', type: 'text' },
} as const satisfies Record<string, OptionSpec>

/** A recall and an update carry the id and number of what they are about. */
const ownNames: readonly number[] = [documentTypes.new, documentTypes.replacement]

/** Newest of its kind. Throws NOT_FOUND, and USAGE where several documents are called that. */
export async function recalledDocument(
  node: ControlClient,
  input: CommandInput,
  context: Context,
): Promise<TrackedDocument> {
  const key = trackKey(input, context)
  const [as, date] = [input.text('as'), input.text('date')]
  const found = (await node.track(key)).filter(
    ({ kind, businessType, from, headline }) =>
      kind === 'document' &&
      ownNames.includes(businessType) &&
      (as === undefined || lookupKey(as) === lookupKey(from)) &&
      (date === undefined || date === headline.date),
  )
  const [newest] = found
  if (newest === undefined) throw new RelayError('NOT_FOUND', { detail: { what: Object.values(key).join(' ') } })
  const ids = new Set(found.map(({ from, documentId }) => `${from} ${documentId}`))
  if (ids.size > 1) {
    const reason = context.say('usage.recallSeveral', { count: ids.size, documents: [...ids].join('; ') })
    throw new RelayError('USAGE', { detail: { reason } })
  }
  return newest
}
