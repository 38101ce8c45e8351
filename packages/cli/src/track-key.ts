/** What a document is looked up by: its UID, its DocumentId, or `--number`. */
import { RelayError } from '@lienthong/core'
import type { TrackKey } from '@lienthong/store'
import type { CommandInput, Context } from './command.ts'

/** Throws USAGE for none or both. */
export function trackKey(input: CommandInput, context: Context): TrackKey {
  const [key, number] = [input.text('key'), input.text('number')]
  if ((key === undefined) === (number === undefined)) {
    throw new RelayError('USAGE', { detail: { reason: context.say('usage.trackKey') } })
  }
  if (number !== undefined) return { number }
  const written = key ?? ''
  return /^[0-9a-f]{64}$/i.test(written) ? { uid: written.toLowerCase() } : { documentId: written }
}
