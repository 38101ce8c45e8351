import { type ErrorDetail, fill, type Language, type PhraseKey, phrases } from '@lienthong/core'

/** Something odd that did not stop the packet from being read. Match on `code`; `detail` fills its sentence. */
export interface PacketWarning {
  readonly code: WarningCode
  readonly detail: ErrorDetail
}

/**
 * What may be said of an attachment, and what became of its content: `given` all the same, or `refused`.
 * A code is a contract, as in the table of errors: add, never reuse.
 */
export const attachmentWarnings = {
  ATTACHMENT_NOT_ZIPPED: 'given',
  ATTACHMENT_EMPTY: 'given',
  ATTACHMENT_CORRUPTED: 'given',
  ATTACHMENT_TYPE_DIFFERS: 'given',
  ATTACHMENT_NAME_MISSING: 'given',
  ATTACHMENT_NAME_UNSAFE: 'given',
  ATTACHMENT_ARCHIVE: 'given',
  ATTACHMENT_PROGRAM: 'given',
  ATTACHMENT_BASE64_INVALID: 'refused',
  ATTACHMENT_TRUNCATED: 'refused',
  ATTACHMENT_ZIP_INVALID: 'refused',
  ATTACHMENT_ZIP_METHOD: 'refused',
  ATTACHMENT_ZIP_ENTRIES: 'refused',
  ATTACHMENT_ZIP_TRAILING: 'refused',
  ATTACHMENT_ENCRYPTED: 'refused',
  ATTACHMENT_CRC_WRONG: 'refused',
  ATTACHMENT_TOO_LARGE: 'refused',
  ATTACHMENT_EXPANDS: 'refused',
} as const satisfies Record<string, 'given' | 'refused'>

export type AttachmentWarningCode = keyof typeof attachmentWarnings

/** Every code there is. */
export type WarningCode = AttachmentWarningCode

/** One sentence for people. The compiler demands one in the catalogue for every code. */
export function warningSentence(language: Language, warning: PacketWarning): string {
  const key: PhraseKey = `warning.${warning.code}`
  return fill(phrases[key][language], warning.detail)
}
