/** A packet described in YAML or JSON, under the names of the typed header, with its attachments as files. */
import { open, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { RelayError } from '@lienthong/core'
import { type Attachment, type DocumentPacket, type StatusPacket, typeOfName } from '@lienthong/edxml'
import type { ZodType } from 'zod'
import type { Context } from '../command.ts'
import { checkSchema } from '../config/check-schema.ts'
import { configRefusal, inOrder } from '../config/problem.ts'
import { readSmallFile, systemReason } from '../config/read-file.ts'
import { type PlacedFile, placeYaml } from '../config/yaml-file.ts'
import { documentSchema, statusSchema } from './description-schema.ts'

export type DescribedPacket =
  | { readonly kind: 'document'; readonly packet: DocumentPacket }
  | { readonly kind: 'status'; readonly packet: StatusPacket }

const maxDescriptionBytes = 4 * 1024 * 1024

/** Reads a description. Attachments are found from its folder. Throws FILE_UNREADABLE, CONFIG_INVALID. */
export async function readDescription(file: string, sentAt: number, context: Context): Promise<DescribedPacket> {
  const path = resolve(context.terminal.workingDir, file)
  const placed = placeYaml(file, await readSmallFile(path, { shown: file, maxBytes: maxDescriptionBytes }))
  if ('problems' in placed) throw configRefusal(inOrder(placed.problems))
  if (kindOf(placed.value) === 'status') {
    const { kind, ...described } = checked(statusSchema, placed)
    return { kind, packet: { ...described, sentAt } }
  }
  const { kind = 'document', attachments, ...described } = checked(documentSchema, placed)
  const files: Attachment[] = []
  for (const attachment of attachments) files.push(await fileOf(attachment, dirname(path)))
  return { kind, packet: { ...described, sentAt, attachments: files } }
}

function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : 'document'
}

function checked<T>(schema: ZodType<T>, placed: PlacedFile): T {
  const result = checkSchema(schema, placed)
  if ('problems' in result) throw configRefusal(inOrder(result.problems))
  return result.value
}

interface DescribedFile {
  readonly file: string
  readonly name?: string | undefined
  readonly contentType?: string | undefined
  readonly description?: string | undefined
}

/** Looked at before the first byte is written, so that a missing file leaves no half a packet. */
async function fileOf(
  { file, name = basename(file), contentType, description }: DescribedFile,
  folder: string,
): Promise<Attachment> {
  const path = resolve(folder, file)
  const unreadable = (cause: unknown) =>
    new RelayError('FILE_UNREADABLE', { detail: { file, reason: systemReason(cause) }, cause })
  const facts = await stat(path).catch((cause: unknown) => {
    throw unreadable(cause)
  })
  if (!facts.isFile()) throw new RelayError('FILE_UNREADABLE', { detail: { file, reason: 'EISDIR' } })
  return {
    name,
    contentType: contentType ?? typeOfName(name),
    description: description ?? null,
    content: contentOf(path, unreadable),
  }
}

async function* contentOf(path: string, unreadable: (cause: unknown) => RelayError): AsyncIterable<Uint8Array> {
  try {
    const handle = await open(path)
    yield* handle.createReadStream({ highWaterMark: 256 * 1024 }) as AsyncIterable<Uint8Array>
  } catch (cause) {
    throw unreadable(cause)
  }
}
