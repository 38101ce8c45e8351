import { RelayError } from './errors.ts'
import type { directoryPhrases } from './phrases-directory.ts'

type Reasons<Key> = Key extends `directory.${infer Reason}` ? Reason : never

/** Why a directory cannot be; people read `phrase(language, 'directory.' + reason)`. */
export type DirectoryFault = Reasons<keyof typeof directoryPhrases>

/** DIRECTORY_INVALID about this id or code. */
export function directoryFault(reason: DirectoryFault, id: string): RelayError {
  return new RelayError('DIRECTORY_INVALID', { detail: { reason, id } })
}
