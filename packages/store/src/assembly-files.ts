/** The bytes of payloads whose segments are arriving: `assemblies/<uid>`, sparse, at their full size from the start. */
import { createHash } from 'node:crypto'
import { type FileHandle, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { Channel } from './channel.ts'
import type { AssemblyFile, AssemblyStore } from './contract-assemblies.ts'
import {
  diskError,
  hexName,
  isMissing,
  makePrivateDirectory,
  NameQueue,
  privateFile,
  readFully,
  removeFile,
  syncDirectory,
  writeFully,
} from './disk.ts'
import { exactBytes } from './exact.ts'
import type { PayloadFiles } from './payload-files.ts'
import { Staged } from './staged.ts'

const digestChunk = 256 * 1024

export class Assemblies implements AssemblyStore {
  readonly #dir: string
  readonly #channel: Channel
  readonly #files: PayloadFiles
  readonly #queue = new NameQueue()

  constructor(dir: string, channel: Channel, files: PayloadFiles) {
    this.#dir = join(dir, 'assemblies')
    this.#channel = channel
    this.#files = files
  }

  /** Removes files without a row, and the bitmaps of rows without a file. Before anything else runs. */
  async prepare(): Promise<void> {
    await makePrivateDirectory(this.#dir)
    const rows = new Set((await this.#channel.call('listAssemblies', null)).map(({ uid }) => uid))
    const files = new Set(await readdir(this.#dir))
    for (const name of files) if (!rows.has(name)) await removeFile(join(this.#dir, name))
    const lost = [...rows].filter((uid) => !files.has(uid))
    if (lost.length > 0) await this.#channel.call('forgetSegments', { uids: lost })
  }

  load(uid: string) {
    return this.#channel.call('loadAssembly', { uid })
  }

  list() {
    return this.#channel.call('listAssemblies', null)
  }

  file(uid: string, size: number, segmentBytes: number): Promise<AssemblyFile> {
    return this.#queue.run(uid, async () => {
      try {
        return new OpenAssembly(await this.#openFile(uid, size), size, segmentBytes)
      } catch (error) {
        throw diskError(error)
      }
    })
  }

  async #openFile(uid: string, size: number): Promise<FileHandle> {
    try {
      return await open(this.#path(uid), 'r+')
    } catch (error) {
      if (!isMissing(error)) throw error
    }
    const handle = await open(this.#path(uid), 'wx+', privateFile)
    await handle.truncate(size)
    await syncDirectory(this.#dir)
    return handle
  }

  async commit(request: Parameters<AssemblyStore['commit']>[0]): Promise<'open' | 'stopped'> {
    hexName(request.uid)
    const cores = request.cores.map((core) => ({ ...core, core: exactBytes(core.core), seal: exactBytes(core.seal) }))
    const outcome = await this.#channel.call('commitAssembly', { ...request, cores })
    if (outcome === 'stopped') await this.sweep(request.uid)
    return outcome
  }

  /** Removes the file when the transaction before has ended the assembly. */
  sweep(uid: string): Promise<void> {
    return this.whileEnding(uid, async () => ({ result: undefined, ended: (await this.load(uid)) === null }))
  }

  async finish(uid: string): Promise<Staged> {
    const ref = await this.#channel.call('assemblyPayload', { uid })
    const staged = new Staged(this.#files, ref, { file: this.#path(uid), mode: 'keep' })
    try {
      await staged.place()
    } catch (error) {
      throw isMissing((error as Error).cause) ? new RelayError('NOT_FOUND', { detail: { assembly: uid } }) : error
    }
    return staged
  }

  drop(uid: string, failed: boolean): Promise<number> {
    return this.whileEnding(uid, async () => {
      const failures = await this.#channel.call('dropAssembly', { uid, failed })
      return { result: failures, ended: true }
    })
  }

  /**
   * Runs a transaction that may end this assembly or empty its bitmap, then removes the file. The row goes first: a
   * file without a row is swept, a bitmap without its file would be a lie. Nobody opens the file in between.
   */
  async whileEnding<Result>(
    uid: string,
    transaction: () => Promise<{ readonly result: Result; readonly ended: boolean }>,
  ): Promise<Result> {
    const file = this.#path(uid)
    return await this.#queue.run(uid, async () => {
      const { result, ended } = await transaction()
      if (ended) await removeFile(file)
      return result
    })
  }

  #path(uid: string): string {
    return join(this.#dir, hexName(uid))
  }
}

class OpenAssembly implements AssemblyFile {
  readonly #handle: FileHandle
  readonly #size: number
  readonly #segmentBytes: number

  constructor(handle: FileHandle, size: number, segmentBytes: number) {
    this.#handle = handle
    this.#size = size
    this.#segmentBytes = segmentBytes
  }

  async write(segment: number, bytes: Uint8Array): Promise<void> {
    const offset = segment * this.#segmentBytes
    const expected = Math.min(this.#segmentBytes, this.#size - offset)
    if (bytes.byteLength !== expected) {
      throw new RelayError('FRAME_INVALID', { detail: { segment, bytes: bytes.byteLength, expected } })
    }
    try {
      await writeFully(this.#handle, bytes, offset)
    } catch (error) {
      throw diskError(error)
    }
  }

  async sync(): Promise<void> {
    try {
      await this.#handle.datasync()
    } catch (error) {
      throw diskError(error)
    }
  }

  async digest(): Promise<string> {
    const hash = createHash('sha256')
    for (let offset = 0; offset < this.#size; offset += digestChunk) {
      hash.update(await readFully(this.#handle, offset, Math.min(digestChunk, this.#size - offset)))
    }
    return hash.digest('hex')
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }
}
