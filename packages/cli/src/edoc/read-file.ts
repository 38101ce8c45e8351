/** A packet in a file, read through once: its header, the facts of its attachments, and what is odd about it. */
import { open } from 'node:fs/promises'
import { resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import {
  type AttachmentFacts,
  type AttachmentPart,
  type PacketHeader,
  type PacketWarning,
  readPacket,
} from '@lienthong/edxml'
import type { Context } from '../command.ts'
import { systemReason } from '../config/read-file.ts'
import { renderBytes } from '../output.ts'

export interface PacketInFile {
  readonly header: PacketHeader
  readonly attachments: readonly AttachmentFacts[]
  readonly warnings: readonly PacketWarning[]
}

/** What to do with an attachment's content; by default it is only measured. */
export type TakeAttachment = (attachment: AttachmentPart) => Promise<void>

/** Reading takes longer than this before anything is said of it, and between two remarks, ms. */
const remarkMs = 2000

/** What `readWhole` holds at most: twice what the verifier takes by default, bytes. */
const maxWholeBytes = 64 * 1024 * 1024

/** Reads `file` (`-`: standard input) to its end. Throws FILE_UNREADABLE, and what the reader refuses. */
export async function readPacketFile(file: string, context: Context, take?: TakeAttachment): Promise<PacketInFile> {
  let header: PacketHeader | null = null
  const warnings: PacketWarning[] = []
  const attachments: AttachmentFacts[] = []
  for await (const part of readPacket(withRemarks(openFile(file, context), context))) {
    if (part.kind === 'header') {
      header = part.header
      warnings.push(...part.warnings)
      continue
    }
    await take?.(part)
    const facts = await part.facts()
    attachments.push(facts)
    warnings.push(...facts.warnings)
  }
  // The reader refuses a packet without a header by itself.
  if (header === null) throw new RelayError('NOT_EDXML')
  return { header, attachments, warnings }
}

export async function* openFile(file: string, { terminal }: Context): AsyncIterable<Uint8Array> {
  try {
    if (file === '-') {
      yield* terminal.stdin
      return
    }
    const handle = await open(resolve(terminal.workingDir, file))
    yield* handle.createReadStream({ highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>
  } catch (cause) {
    if (cause instanceof RelayError) throw cause
    throw new RelayError('FILE_UNREADABLE', { detail: { file, reason: systemReason(cause) }, cause })
  }
}

/** All of it in memory, as a signature needs it. Throws SIGNATURE_TOO_LARGE above the verifier's own limit. */
export async function readWhole(file: string, context: Context): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of openFile(file, context)) {
    bytes += chunk.length
    if (bytes > maxWholeBytes) throw new RelayError('SIGNATURE_TOO_LARGE', { detail: { limit: maxWholeBytes } })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function* withRemarks(source: AsyncIterable<Uint8Array>, context: Context): AsyncIterable<Uint8Array> {
  let last = Date.now()
  let read = 0
  for await (const chunk of source) {
    read += chunk.length
    if (Date.now() - last > remarkMs) {
      last = Date.now()
      await context.note(context.say('edoc.reading', { done: renderBytes(read) }))
    }
    yield chunk
  }
}
