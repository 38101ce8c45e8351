import { RelayError } from '@lienthong/core'

/** Why a packet is not taken: `detail.why` of NOT_EDXML. The last six are the writer's. Core has them in both languages. */
export const refusals = {
  empty: 'nothing was given',
  'not-xml': 'no XML starts within the first bytes',
  'not-utf8': 'the text is not UTF-8',
  encoding: 'the XML declaration names an encoding other than UTF-8',
  doctype: 'a document type declaration',
  'not-well-formed': 'a breach of XML or of its namespaces',
  truncated: 'the packet ends before its envelope does',
  root: 'the outermost element is not edXML',
  'envelope-missing': 'there is no edXMLEnvelope',
  'header-missing': 'there is no MessageHeader',
  'sender-missing': 'there is no From/OrganId',
  duplicate: 'a field that decides the route stands twice',
  'mixed-content': 'a comment, instruction or element inside the text of a field',
  'too-deep': 'elements nested too deeply',
  'field-too-long': 'one text is too long',
  'token-too-long': 'one tag, name or comment is too long',
  'too-many-attributes': 'one element has too many attributes',
  'too-many-elements': 'too many elements',
  'too-many-entries': 'too many recipients, answered documents or other entries of a list',
  'too-many-attachments': 'too many attachments',
  'header-too-large': 'the envelope is too large',
  required: 'a field that must be filled is empty',
  'too-long': 'a field is longer than the regulation allows',
  character: 'a character that XML cannot carry',
  'hidden-character': 'an invisible or direction-changing character',
  format: 'a date, number or code out of form',
  misplaced: 'a field that this kind of packet does not have',
} as const satisfies Record<string, string>

export type Refusal = keyof typeof refusals

/** A NOT_EDXML whose detail tells `why` and, where it helps, the `field`, `line` or `limit`. */
export function notEdxml(
  why: Refusal,
  detail: Readonly<Record<string, string | number>> = {},
  cause?: unknown,
): RelayError {
  return new RelayError('NOT_EDXML', { detail: { why, ...detail }, ...(cause === undefined ? {} : { cause }) })
}
