/**
 * The answer VNPT's SDK reads: `{status, ErrorCode, ErrorDesc, …}`. Codes are those of the field, sentences Vietnamese
 * without diacritics as there: clients decode them with whatever their platform thinks is text.
 */
import { type ErrorCode, phrase, type RelayError, sentence } from '@lienthong/core'

/** Codes known in the field, with what they stand for there. */
export const vxpCodes = {
  '0': 'done',
  '10': 'file refused',
  '15': 'unknown system or wrong secret',
  '18': 'receiver does not exist',
  '19': 'sender not registered for this system',
  '20': 'the system cannot now',
  '21': 'file damaged on the way, or not what it says',
  '22': 'not valid edXML',
  '23': 'receiver closed',
  '100': 'the call is not right',
} as const

export type VxpCode = keyof typeof vxpCodes

/** Every code that is not `defaultCode`. */
export const vxpCodeOf: Partial<Record<ErrorCode, VxpCode>> = {
  DOCUMENT_TOO_LARGE: '10',
  DOCUMENT_SECRET: '10',
  RECALL_NOT_SENDER: '10',
  ATTACHMENT_UNREADABLE: '10',
  ACCESS_DENIED: '15',
  RECEIVER_UNKNOWN: '18',
  RECEIVER_MISSING: '18',
  RECEIVER_NOT_YET: '18',
  SENDER_NOT_ALLOWED: '19',
  SCOPE_MISSING: '19',
  REGISTRATION_REFUSED: '19',
  DIGEST_MISMATCH: '21',
  NOT_AS_ANNOUNCED: '21',
  DOCUMENT_ID_REUSED: '21',
  NOT_EDXML: '22',
  DOCUMENT_ID_MISSING: '22',
  RECEIVER_CLOSED: '23',
  RECEIVER_REPLACED: '23',
  RECEIVER_SPLIT: '23',
  FIELD_INVALID: '100',
  NOT_FOUND: '100',
  DOCUMENT_RECALLED: '100',
  USAGE: '100',
  CALL_INVALID: '100',
  PLAIN_HTTP_REFUSED: '100',
}

const defaultCode: VxpCode = '20'

export interface Envelope {
  readonly status: 'OK' | 'FAIL'
  readonly ErrorCode: VxpCode
  readonly ErrorDesc: string
}

export function success(): Envelope {
  return { status: 'OK', ErrorCode: '0', ErrorDesc: plain(phrase('vi', 'vxp.done')) }
}

/** `ErrorDesc` ends with the project's own code, for whoever asks for help. */
export function refusal(error: RelayError): Envelope {
  return { status: 'FAIL', ErrorCode: codeOf(error.code), ErrorDesc: `${plain(textOf(error))} [${error.code}]` }
}

function codeOf(code: ErrorCode): VxpCode {
  if (vxpCodeOf[code] !== undefined) return vxpCodeOf[code]
  return code.startsWith('SIGNATURE_') ? '21' : defaultCode
}

function textOf({ code, detail }: RelayError): string {
  const { organ } = detail
  // Words that administrators of the axis know.
  if (code === 'SENDER_NOT_ALLOWED' && typeof organ === 'string') return phrase('vi', 'vxp.sender', { organ })
  return sentence('vi', code, detail).text
}

/** Vietnamese in ASCII; what is no letter of it becomes `?`. */
export function plain(text: string): string {
  return text
    .replaceAll('đ', 'd')
    .replaceAll('Đ', 'D')
    .replaceAll('–', '-')
    .replaceAll(/[“”]/g, '"')
    .normalize('NFD')
    .replaceAll(/\p{Mark}/gu, '')
    .replaceAll(/[^\n -~]/gu, '?')
}
