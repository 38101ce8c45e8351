/**
 * The sending side: packets as document software writes them, into files, before any node sees them.
 *
 * Digest and uid are computed here, from the bytes written, so that what nodes say can be held against them.
 */
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { OrganId } from '@lienthong/core'
import { samplePacket, writeStatus } from '@lienthong/edxml'
import { uidOf } from '@lienthong/link'
import type { Letter } from './ledger.ts'
import { nameOf } from './tree.ts'

/** Of the sample packets, `yyyy/MM/dd`. */
const promulgationDate = '2025/07/01'

export interface Draft {
  readonly from: OrganId
  readonly to: readonly OrganId[]
  /** `12/UBND`. */
  readonly number: string
  readonly subject: string
  /** Of the PDF; the packet is a third larger. */
  readonly attachmentBytes: number
  /** 0 normal … 3 hỏa tốc. @default 0 */
  readonly priority?: number
}

/** A packet ready to be handed in. */
export interface PreparedLetter extends Letter {
  readonly file: string
  readonly documentId: string
}

/** Writes an official letter with a zipped PDF into `folder`. Memory stays small whatever its size. */
export async function prepareDocument(folder: string, draft: Draft): Promise<PreparedLetter> {
  const { from, to, number, subject, attachmentBytes, priority = 0 } = draft
  const documentId = `${from},${promulgationDate},${number}`
  const packet = samplePacket({
    from: { organId: from, organName: nameOf(from) },
    to: to.map((organ) => ({ organId: organ, organName: nameOf(organ) })),
    number,
    subject,
    attachmentBytes,
    priority,
    promulgationDate,
    documentId,
  })
  const written = await writePacket(join(folder, `${number.replaceAll('/', '-')}.edxml`), packet)
  return {
    ...written,
    title: number,
    uid: uidOf({ kind: 'document', businessType: 0, from, documentId, sha256: written.sha256 }),
    from,
    to,
    documentId,
  }
}

/** Writes a business status about a letter, from one of its recipients back to its sender. */
export async function prepareStatus(
  folder: string,
  answer: { readonly letter: PreparedLetter; readonly from: OrganId; readonly code: number; readonly now: number },
): Promise<PreparedLetter> {
  const { letter, from, code, now } = answer
  const { documentId } = letter
  const packet = writeStatus({
    from: { organId: from, organName: nameOf(from) },
    responseFor: [{ organId: letter.from, code: letter.title, documentId, promulgationDate }],
    statusCode: code,
    sentAt: now,
  })
  const shown = String(code).padStart(2, '0')
  const written = await writePacket(join(folder, `${letter.title.replaceAll('/', '-')}-${shown}.edxml`), [packet])
  return {
    ...written,
    title: `${letter.title} (${shown})`,
    uid: uidOf({ kind: 'status', businessType: code, from, documentId, sha256: written.sha256 }),
    from,
    to: [letter.from],
    documentId,
  }
}

async function writePacket(
  path: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<{ readonly file: string; readonly sha256: string; readonly bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of chunks) {
      hash.update(chunk)
      bytes += chunk.length
      await file.writeFile(chunk)
    }
  } finally {
    await file.close()
  }
  return { file: path, sha256: hash.digest('hex'), bytes }
}
