import { type ErrorDetail, RelayError } from '@lienthong/core'
import { type AttachmentWarningCode, attachmentWarnings } from './warning.ts'

/** Warnings that end an attachment's content. */
export type AttachmentRefusal = {
  [Code in AttachmentWarningCode]: (typeof attachmentWarnings)[Code] extends 'refused' ? Code : never
}[AttachmentWarningCode]

/** ATTACHMENT_UNREADABLE whose `why` is the code of the warning it leaves behind. */
export function refuseAttachment(why: AttachmentRefusal, detail: ErrorDetail = {}, cause?: unknown): RelayError {
  return new RelayError('ATTACHMENT_UNREADABLE', {
    detail: { why, ...detail },
    ...(cause === undefined ? {} : { cause }),
  })
}

/** The code an ATTACHMENT_UNREADABLE of this package carries; null for any other error. */
export function refusalOf(error: unknown): { readonly code: AttachmentRefusal; readonly detail: ErrorDetail } | null {
  if (!(error instanceof RelayError) || error.code !== 'ATTACHMENT_UNREADABLE') return null
  const { why, ...detail } = error.detail
  return isRefusal(why) ? { code: why, detail } : null
}

function isRefusal(why: unknown): why is AttachmentRefusal {
  return typeof why === 'string' && Object.hasOwn(attachmentWarnings, why)
}
