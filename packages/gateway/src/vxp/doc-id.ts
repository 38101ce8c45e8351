/**
 * `docId` of a received document: 24 hex digits that need no table of their own.
 *
 *   0123456789a 3f2c1 9d8e7f60
 *   └ item      └ organisation └ check of item, organisation and document
 *
 * The organisation's digits say which of a system's mailboxes to look into; the check keeps a number that was counted
 * up from leading anywhere. Whether the mailbox is the caller's is not left to these digits.
 */
import { createHash } from 'node:crypto'
import type { OrganId } from '@lienthong/core'
import type { MailItem } from '@lienthong/store'

const itemDigits = 11
const organDigits = 5
const checkDigits = 8

export function docIdOf({ id, organ, uid, generation }: Pick<MailItem, 'id' | 'organ' | 'uid' | 'generation'>): string {
  const check = digest(`${id} ${organ} ${uid} ${generation}`).slice(0, checkDigits)
  return `${id.toString(16).padStart(itemDigits, '0')}${organHint(organ)}${check}`
}

/** null for what was never given out. */
export function readDocId(docId: string): { readonly id: number; mayBeFor(organ: OrganId): boolean } | null {
  const key = docId.toLowerCase()
  if (!/^[0-9a-f]{24}$/.test(key)) return null
  const hint = key.slice(itemDigits, itemDigits + organDigits)
  return { id: Number.parseInt(key.slice(0, itemDigits), 16), mayBeFor: (organ) => organHint(organ) === hint }
}

/** Of a document as its sender knows it: the same for every repetition. */
export function senderDocIdOf(uid: string): string {
  return uid.slice(0, itemDigits + organDigits + checkDigits)
}

function organHint(organ: OrganId): string {
  return digest(organ).slice(0, organDigits)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
