import { type ErrorDetail, fill, type Language, type PhraseKey, phrases } from '@lienthong/core'
import type { FindingCode } from './finding.ts'

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

/** What may be said of the text and the header of a packet that is taken all the same. `field` is an element's path. */
export const headerWarnings = {
  // The text as a whole
  JUNK_BEFORE_XML: 'bytes other than a byte order mark stand before the XML',
  NAMESPACE_UNUSUAL: 'the root is in no namespace of edXML',
  PREFIX_MISSING: 'an element inside the envelope has no prefix, which one reader in the field rejects',
  // Elements of the header
  ELEMENT_UNKNOWN: 'an element that edXML does not have, perhaps in the wrong case or namespace',
  FIELD_REPEATED: 'an element stands twice where once is meant; the first counts',
  FIELD_MIXED: 'an element, comment or instruction stands inside a text',
  FIELD_TOO_LONG: 'a text is longer than the regulation allows',
  FIELD_NOT_NUMBER: 'a number is none',
  FIELD_NOT_FLAG: 'a yes or no is neither',
  FIELD_NOT_DATE: 'a date is not a day of the calendar written yyyy/MM/dd',
  FIELD_NOT_TIME: 'a time is not written yyyy/MM/dd HH:mm:ss',
  FIELD_ODD_CHARACTERS: 'a text carries invisible or direction-changing characters',
  ORGAN_ID_NULL: 'a code of an organisation is missing or the word null',
} as const satisfies Record<string, string>

export type HeaderWarningCode = keyof typeof headerWarnings

/** What a node may say of a packet that it takes, from what it knows of earlier ones. */
export const earlierWarnings = {
  EARLIER_DOCUMENT_UNKNOWN: 'what it recalls, updates, replaces or takes back was not sent from this node',
} as const satisfies Record<string, string>

/** What a node may say of recipients that have closed. */
export const receiverWarnings = {
  RECEIVER_FOLLOWED: 'a recipient has closed, and who took over gets it',
  RECEIVER_WAITS: 'a recipient was split, and it waits in its mailbox until somebody decides',
} as const satisfies Record<string, string>

export type ReceiverWarningCode = keyof typeof receiverWarnings

/** Every code there is. */
export type WarningCode = AttachmentWarningCode | HeaderWarningCode | ReceiverWarningCode | keyof typeof earlierWarnings

/** One sentence for people, of a warning or a finding. The compiler demands one in the catalogue for every code. */
export function warningSentence(
  language: Language,
  warning: { readonly code: WarningCode | FindingCode; readonly detail: ErrorDetail },
): string {
  const key: PhraseKey = `warning.${warning.code}`
  return fill(phrases[key][language], warning.detail)
}

/** Most warnings kept of one header: more tell nobody anything. */
export const maxHeaderWarnings = 100
