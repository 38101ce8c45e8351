/**
 * Payloads that arrive in several requests: `uploads/<id>`, written from the front.
 *
 * The row says how many bytes are on disk; it moves after each 8 MiB were synced, and at the end of a request, however
 * that ends. Bytes behind it do not count and are written over. One request at a time writes to an upload: whoever opens
 * or appends breaks off an earlier one, because a sender that has come back must not wait for its own dead connection.
 */
import { createHash } from 'node:crypto'
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { Channel } from './channel.ts'
import type { UploadKey, UploadState, UploadStore } from './contract-doors.ts'
import {
  diskError,
  isMissing,
  makePrivateDirectory,
  NameQueue,
  privateFile,
  readFully,
  removeFile,
  syncDirectory,
  writeFully,
} from './disk.ts'
import type { PayloadFiles } from './payload-files.ts'
import { Staged } from './staged.ts'

/** Bytes between two syncs: what a crash can cost the sender at most. */
const syncBytes = 8 * 1024 * 1024
/** Small chunks of a source are gathered up to this, so that they do not cost a system call each. */
const writeBytes = 256 * 1024
const readBytes = 256 * 1024

export class UploadFiles implements UploadStore {
  readonly #dir: string
  readonly #channel: Channel
  readonly #files: PayloadFiles
  readonly #queue = new NameQueue()
  readonly #appending = new Map<string, AbortController>()

  constructor(dir: string, channel: Channel, files: PayloadFiles) {
    this.#dir = join(dir, 'uploads')
    this.#channel = channel
    this.#files = files
  }

  /** Removes files without a row, and rows whose file is shorter than they say. Before anything else runs. */
  async prepare(): Promise<void> {
    await makePrivateDirectory(this.#dir)
    const rows = await this.#channel.call('listUploads', null)
    const known = new Set(rows.map(({ id }) => id))
    for (const name of await readdir(this.#dir)) if (!known.has(name)) await removeFile(join(this.#dir, name))
    for (const row of rows) {
      if (row.offset > (await sizeOf(this.#path(row.id)))) await this.#remove(row)
    }
  }

  async open(request: Parameters<UploadStore['open']>[0]): Promise<UploadState> {
    const { id } = await this.#channel.call('openUpload', request)
    return await this.#alone(id, () => this.#known({ system: request.system, id }))
  }

  get(system: string, id: string): Promise<UploadState | null> {
    return this.#channel.call('getUpload', { system, id })
  }

  async append(key: UploadKey, options: Parameters<UploadStore['append']>[1]): Promise<UploadState> {
    await this.#known(key)
    return await this.#alone(key.id, async (signal) => {
      const state = await this.#known(key)
      if (options.offset !== state.offset || state.spent) throw wrongOffset(state)
      await this.#receive(state, options, signal)
      return await this.#known(key)
    })
  }

  async finish(key: UploadKey, { onChunk }: { onChunk?: (chunk: Uint8Array) => void } = {}): Promise<Staged> {
    await this.#known(key)
    return await this.#alone(key.id, async () => {
      const state = await this.#known(key)
      if (state.offset !== state.size) throw wrongOffset(state)
      const sha256 = await this.#digest(state, onChunk)
      if (state.sha256 !== null && state.sha256 !== sha256) {
        await this.#remove(key)
        throw new RelayError('NOT_AS_ANNOUNCED', { detail: { expected: state.sha256, found: sha256 } })
      }
      const staged = new Staged(this.#files, { sha256, size: state.size }, { file: this.#path(key.id), mode: 'keep' })
      // While nobody can remove the upload: from here on the payload has a name of its own.
      await staged.place()
      return staged
    })
  }

  spend(key: UploadKey, now: number): Promise<void> {
    return this.#channel.call('spendUpload', { ...key, now })
  }

  async drop(key: UploadKey): Promise<void> {
    if ((await this.get(key.system, key.id)) !== null) await this.#alone(key.id, () => this.#remove(key))
  }

  async expire(options: { before: number; spentBefore: number }): Promise<number> {
    const stale = await this.#channel.call('staleUploads', options)
    for (const key of stale) await this.drop(key)
    return stale.length
  }

  /** Ends what is being appended, as a lost connection would: closing does not wait for senders. */
  breakOff(): void {
    for (const appending of this.#appending.values()) appending.abort()
  }

  /** Breaks off whoever is appending and waits for its end. */
  async #alone<Result>(id: string, task: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    this.#appending.get(id)?.abort()
    const mine = new AbortController()
    this.#appending.set(id, mine)
    try {
      return await this.#queue.run(id, () => task(mine.signal))
    } finally {
      if (this.#appending.get(id) === mine) this.#appending.delete(id)
    }
  }

  /** The row goes first: a file without one is swept. */
  async #remove(key: UploadKey): Promise<void> {
    await this.#channel.call('dropUpload', key)
    await removeFile(this.#path(key.id))
  }

  async #known(key: UploadKey): Promise<UploadState> {
    const state = await this.get(key.system, key.id)
    if (state === null) throw new RelayError('NOT_FOUND', { detail: { what: key.id } })
    return state
  }

  async #receive(
    { id, size }: UploadState,
    { offset, source, now }: Parameters<UploadStore['append']>[1],
    signal: AbortSignal,
  ): Promise<void> {
    const handle = await this.#openFile(id)
    const writer = new Appender(handle, offset)
    const count = async () => {
      await writer.sync()
      await this.#channel.call('advanceUpload', { id, received: writer.written, now: now() })
    }
    try {
      for await (const chunk of untilAborted(source, signal)) {
        if (writer.end + chunk.byteLength > size) {
          throw new RelayError('DOCUMENT_TOO_LARGE', { detail: { maxBytes: size } })
        }
        await writer.add(chunk)
        if (writer.unsynced >= syncBytes) await count()
      }
    } catch (error) {
      throw diskError(error)
    } finally {
      try {
        await count()
      } finally {
        await handle.close()
      }
    }
  }

  async #openFile(id: string): Promise<FileHandle> {
    try {
      return await open(this.#path(id), 'r+')
    } catch (error) {
      if (!isMissing(error)) throw diskError(error)
    }
    try {
      const handle = await open(this.#path(id), 'wx+', privateFile)
      await syncDirectory(this.#dir)
      return handle
    } catch (error) {
      throw diskError(error)
    }
  }

  async #digest({ id, size }: UploadState, onChunk?: (chunk: Uint8Array) => void): Promise<string> {
    const hash = createHash('sha256')
    const handle = await this.#openFile(id)
    try {
      for (let offset = 0; offset < size; offset += readBytes) {
        const chunk = await readFully(handle, offset, Math.min(readBytes, size - offset))
        onChunk?.(chunk)
        hash.update(chunk)
      }
    } finally {
      await handle.close()
    }
    return hash.digest('hex')
  }

  /** Ids come from the writer's rows only, which are hex. */
  #path(id: string): string {
    return join(this.#dir, id)
  }
}

/** Writes from `written` on; small chunks are gathered. */
class Appender {
  readonly #handle: FileHandle
  #gathered: Uint8Array[] = []
  #gatheredBytes = 0
  #synced: number
  written: number

  constructor(handle: FileHandle, offset: number) {
    this.#handle = handle
    this.written = offset
    this.#synced = offset
  }

  get end(): number {
    return this.written + this.#gatheredBytes
  }

  get unsynced(): number {
    return this.end - this.#synced
  }

  async add(chunk: Uint8Array): Promise<void> {
    // A copy: the source may use its buffer again.
    this.#gathered.push(Uint8Array.from(chunk))
    this.#gatheredBytes += chunk.byteLength
    if (this.#gatheredBytes >= writeBytes) await this.#write()
  }

  async sync(): Promise<void> {
    await this.#write()
    if (this.written === this.#synced) return
    await this.#handle.datasync()
    this.#synced = this.written
  }

  async #write(): Promise<void> {
    // Taken out first: after a failure nothing may follow that would close the gap.
    const chunks = this.#gathered
    this.#gathered = []
    this.#gatheredBytes = 0
    for (const chunk of chunks) {
      await writeFully(this.#handle, chunk, this.written)
      this.written += chunk.byteLength
    }
  }
}

/** Ends with UPLOAD_OFFSET as soon as another request takes over, also while the source says nothing. */
async function* untilAborted(source: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncIterable<Uint8Array> {
  const steps = source[Symbol.asyncIterator]()
  let leave: () => void = () => undefined
  const onAbort = () => leave()
  signal.addEventListener('abort', onAbort)
  let ended = false
  try {
    while (!signal.aborted) {
      // A promise of its own for each step: reactions would pile up on a shared one.
      const step = await new Promise<IteratorResult<Uint8Array> | null>((resolve, reject) => {
        leave = () => resolve(null)
        steps.next().then(resolve, (error: unknown) => {
          ended = true
          reject(error instanceof Error ? error : new Error(String(error)))
        })
      })
      if (step === null) break
      ended = step.done === true
      if (step.done === true) return
      yield step.value
    }
    throw new RelayError('UPLOAD_OFFSET', { detail: { reason: 'another request took over' } })
  } finally {
    signal.removeEventListener('abort', onAbort)
    // Not waited for: a source that says nothing may not answer this either.
    if (!ended) void Promise.resolve(steps.return?.()).catch(() => undefined)
  }
}

function wrongOffset({ offset, size }: UploadState): RelayError {
  return new RelayError('UPLOAD_OFFSET', { detail: { offset, size } })
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isMissing(error)) return 0
    throw diskError(error)
  }
}
