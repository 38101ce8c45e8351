/**
 * Bytes received and not yet owned.
 *
 *   received ──place──→ placed ──owned──→ done
 *      └──────discard──────┴──discard──→ done
 *
 * Small ones are memory until a transaction takes them; large ones are a synced file.
 */
import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { StagedPayload } from './contract-documents.ts'
import { diskError, privateFile, removeFile, writeFully } from './disk.ts'
import type { PayloadFiles } from './payload-files.ts'
import { inlineLimit } from './payload-files.ts'
import type { IncomingPayload } from './writer/payloads.ts'

/** Bytes gathered before a write, so that a source of small chunks does not cost a system call each. */
const writeBytes = 256 * 1024

/** Where the bytes are: in memory, or in a file that is moved to its place or (an assembly's) linked there. */
export type StagedSource = { readonly bytes: Uint8Array } | { readonly file: string; readonly mode: 'move' | 'keep' }

export class Staged implements StagedPayload {
  readonly sha256: string
  readonly size: number
  readonly #files: PayloadFiles
  readonly #source: StagedSource
  #state: 'received' | 'placed' | 'done' = 'received'
  #placing: Promise<void> | null = null

  constructor(files: PayloadFiles, ref: { sha256: string; size: number }, source: StagedSource) {
    this.#files = files
    this.#source = source
    this.sha256 = ref.sha256
    this.size = ref.size
  }

  /** Ready for a transaction. After the bytes have an owner, a mere reference to them. */
  async place(): Promise<IncomingPayload> {
    const { sha256, size } = this
    if ('bytes' in this.#source) return { sha256, size, bytes: this.#source.bytes, placed: false }
    if (this.#state === 'received') {
      this.#placing ??= this.#place(this.#source.file, this.#source.mode)
      await this.#placing
    }
    return { sha256, size, bytes: null, placed: this.#state === 'placed' }
  }

  async #place(file: string, mode: 'move' | 'keep'): Promise<void> {
    try {
      await this.#files.place(file, this.sha256, mode)
      this.#state = 'placed'
    } finally {
      this.#placing = null
    }
  }

  /** A transaction has answered for good. */
  async done(owned: boolean): Promise<void> {
    await this.#placing?.catch(() => undefined)
    const before = this.#state
    this.#state = 'done'
    if ('bytes' in this.#source) return
    if (before === 'placed') await this.#files.unpin(this.sha256, owned)
    if (before === 'received' && this.#source.mode === 'move') await removeFile(this.#source.file)
  }

  async discard(): Promise<void> {
    await this.done(false)
  }
}

export async function stage(
  files: PayloadFiles,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: { readonly maxBytes: number; readonly onChunk?: (chunk: Uint8Array) => void },
): Promise<Staged> {
  const hash = createHash('sha256')
  const file = new IncomingFile(files.incoming)
  let size = 0
  try {
    for await (const chunk of source) {
      options.onChunk?.(chunk)
      size += chunk.byteLength
      if (size > options.maxBytes) {
        throw new RelayError('DOCUMENT_TOO_LARGE', { detail: { maxBytes: options.maxBytes } })
      }
      hash.update(chunk)
      await file.append(chunk)
    }
    const kept = await file.finish()
    return new Staged(files, { sha256: hash.digest('hex'), size }, kept)
  } catch (error) {
    await file.abandon()
    throw diskError(error)
  }
}

/** Memory up to the inline limit, a file from there on. */
class IncomingFile {
  readonly #path: string
  #handle: FileHandle | null = null
  #gathered: Uint8Array[] = []
  #gatheredBytes = 0
  #written = 0

  constructor(folder: string) {
    this.#path = join(folder, randomBytes(16).toString('hex'))
  }

  async append(chunk: Uint8Array): Promise<void> {
    // A copy: the source may use its buffer again once it is asked for the next chunk.
    this.#gathered.push(Uint8Array.from(chunk))
    this.#gatheredBytes += chunk.byteLength
    if (this.#gatheredBytes >= writeBytes) await this.#write()
  }

  async finish(): Promise<StagedSource> {
    if (this.#handle === null && this.#gatheredBytes <= inlineLimit) {
      return { bytes: concat(this.#gathered, this.#gatheredBytes) }
    }
    await this.#write()
    await this.#handle?.datasync()
    await this.#handle?.close()
    this.#handle = null
    return { file: this.#path, mode: 'move' }
  }

  async abandon(): Promise<void> {
    await this.#handle?.close().catch(() => undefined)
    await removeFile(this.#path)
  }

  async #write(): Promise<void> {
    this.#handle ??= await open(this.#path, 'wx', privateFile)
    for (const chunk of this.#gathered) {
      await writeFully(this.#handle, chunk, this.#written)
      this.#written += chunk.byteLength
    }
    this.#gathered = []
    this.#gatheredBytes = 0
  }
}

function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}
