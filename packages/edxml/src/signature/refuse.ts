import { type ErrorCode, type ErrorDetail, RelayError } from '@lienthong/core'

export type SignatureCode = Extract<ErrorCode, `SIGNATURE_${string}`>

export function refuse(code: SignatureCode, detail: ErrorDetail = {}, cause?: unknown): RelayError {
  return new RelayError(code, { detail, ...(cause === undefined ? {} : { cause }) })
}

/** What an attacker wrote may go into a log or a sentence, but not at any length. */
export function excerpt(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text
}
