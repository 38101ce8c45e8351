import type { ErrorDetail } from '@lienthong/core'

/** `error`: the packet breaks the regulation. `warning`: it is odd. Neither stops it from being read. */
export type Severity = 'error' | 'warning'

interface Rule {
  readonly severity: Severity
  /** What is wrong. */
  readonly text: string
}

const error = (text: string): Rule => ({ severity: 'error', text })
const warning = (text: string): Rule => ({ severity: 'warning', text })

/** Every rule of `validatePacket`. A code is a contract, as in the table of errors: add, never reuse. */
export const packetFindings = {
  // Who and to whom
  SENDER_MISSING: error('From has no code'),
  RECIPIENT_MISSING: error('no To has a code'),
  RECIPIENT_REPEATED: warning('an organisation is addressed more than once'),
  RECIPIENT_IS_SENDER: warning('the sender is among the recipients'),
  ORGAN_NAME_MISSING: warning('an organisation has no name'),
  // What every document carries
  NUMBER_MISSING: error('there is no CodeNumber'),
  NOTATION_MISSING: error('there is no CodeNotation'),
  ISSUE_DATE_MISSING: error('there is no PromulgationDate'),
  ISSUE_DATE_FUTURE: warning('the PromulgationDate is still to come'),
  DUE_BEFORE_ISSUE: warning('the DueDate lies before the PromulgationDate'),
  TYPE_NAME_MISSING: error('there is no TypeName'),
  SUBJECT_MISSING: error('there is no Subject'),
  SIGNER_MISSING: error('there is no SignerInfo/FullName'),
  // Files
  FILE_MISSING: error('a document has no file'),
  MANIFEST_EMPTY: warning('a document whose manifest lists no file'),
  FILE_NOT_THERE: error('a file of the manifest is not attached'),
  FILE_NOT_LISTED: warning('an attached file is not in the manifest'),
  CONTENT_ID_REPEATED: warning('two files have the same ContentId'),
  // Recall, update, replacement
  BUSINESS_TYPE_UNKNOWN: warning('a BussinessDocType other than 0, 1, 2 and 3'),
  BUSINESS_PART_MISPLACED: warning('a part of Bussiness that belongs to another type'),
  RECALL_REASON_MISSING: error('a recall without BussinessDocReason'),
  UPDATED_DOCUMENT_MISSING: error('an update without Bussiness/DocumentId'),
  CHANGES_MISSING: error('an update without BussinessDocumentInfo'),
  CHANGE_EMPTY: warning('an update that changes neither content nor recipients'),
  CHANGED_RECEIVERS_UNCLEAR: error('recipients change, and it is not said which, or whether they come or go'),
  REPLACEMENTS_MISSING: error('a replacement without ReplacementInfo'),
  REPLACEMENT_INCOMPLETE: error('a ReplacementInfo without DocumentId or without OrganId'),
  REPLACEMENT_OF_ITSELF: error('a document that replaces itself'),
  // Statuses
  STATUS_CODE_MISSING: error('there is no StatusCode'),
  STATUS_CODE_UNKNOWN: warning('a StatusCode without a known meaning'),
  RESPONSE_FOR_MISSING: error('a status without ResponseFor'),
  RESPONSE_FOR_INCOMPLETE: error('a ResponseFor with neither DocumentId nor Code and PromulgationDate'),
  RESPONSE_FOR_SWAPPED: error('OrganId and Code of ResponseFor stand in each other’s place'),
  STATUS_RECIPIENT_MISSING: error('nothing in ResponseFor can be the code of the organisation the status goes to'),
  STATUS_REASON_MISSING: error('a refusal, take-back or declined change without Description'),
  STATUS_TIME_MISSING: warning('a status without Timestamp'),
} as const satisfies Record<string, Rule>

export type FindingCode = keyof typeof packetFindings

/** A rule a packet does not keep. Match on `code`; `detail` fills its sentence, see `warningSentence`. */
export interface Finding {
  readonly code: FindingCode
  readonly detail: ErrorDetail
  readonly severity: Severity
}

export function finding(code: FindingCode, detail: ErrorDetail = {}): Finding {
  return { code, detail, severity: packetFindings[code].severity }
}
