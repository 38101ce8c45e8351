/**
 * Payloads larger than the inline limit, as files, beside a database that says which of them are owned.
 *
 *   incoming/<random>            being received; not owned, swept at open
 *   payloads/<2 hex>/<sha256>    complete and synced
 *
 * A file reaches its final place, and its name is durable, before the transaction that refers to it.
 * It is removed only after the transaction that gave it up, and never while *pinned*: a pin is held from
 * the moment a file is put in place until the answer of the transaction that wants it. Putting in place
 * and removing one digest run one after the other. What a crash leaves without a row is swept at open.
 */
import { link, open, readdir, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { RelayError } from '@lienthong/core'
import type { Channel } from './channel.ts'
import {
  diskError,
  hexName,
  isMissing,
  makePrivateDirectory,
  NameQueue,
  readFully,
  removeFile,
  syncDirectory,
} from './disk.ts'

/** Payloads up to this many bytes live in the database. */
export const inlineLimit = 64 * 1024

const streamChunk = 256 * 1024
const wholePayload = { start: 0, end: Number.POSITIVE_INFINITY }

interface Pin {
  holders: number
  /** The database gave the payload up while it was pinned. */
  released: boolean
}

export class PayloadFiles {
  readonly incoming: string
  readonly #payloads: string
  readonly #channel: Channel
  readonly #queue = new NameQueue()
  readonly #pins = new Map<string, Pin>()

  constructor(dir: string, channel: Channel) {
    this.incoming = join(dir, 'incoming')
    this.#payloads = join(dir, 'payloads')
    this.#channel = channel
  }

  /** Makes the folders and removes what no row refers to. Before anything else runs. */
  async prepare(): Promise<void> {
    await makePrivateDirectory(this.incoming)
    await makePrivateDirectory(this.#payloads)
    for (const name of await readdir(this.incoming)) await removeFile(join(this.incoming, name))
    for (const folder of await readdir(this.#payloads)) {
      const names = await readdir(join(this.#payloads, folder))
      const orphans = await this.#channel.call('orphanFiles', { sha256: names })
      for (const name of orphans) await removeFile(join(this.#payloads, folder, name))
    }
  }

  /** Puts a synced file in place under its digest and pins it. `keep`: leaves the old name too. */
  async place(file: string, sha256: string, mode: 'move' | 'keep'): Promise<void> {
    const target = this.#path(sha256)
    await this.#queue.run(sha256, async () => {
      try {
        if (await exists(target)) {
          if (mode === 'move') await removeFile(file)
        } else {
          await this.#makeFolder(dirname(target))
          await (mode === 'move' ? rename(file, target) : link(file, target))
          await syncDirectory(dirname(target))
        }
      } catch (error) {
        throw diskError(error)
      }
      const pin = this.#pins.get(sha256)
      if (pin === undefined) this.#pins.set(sha256, { holders: 1, released: false })
      else pin.holders += 1
    })
  }

  /** Ends a pin. `owned`: a transaction has just taken the payload. */
  async unpin(sha256: string, owned: boolean): Promise<void> {
    await this.#queue.run(sha256, async () => {
      const pin = this.#pins.get(sha256)
      if (pin === undefined) return
      pin.holders -= 1
      pin.released ||= !owned
      if (pin.holders > 0) return
      this.#pins.delete(sha256)
      if (!pin.released) return
      const orphans = await this.#channel.call('orphanFiles', { sha256: [sha256] })
      if (orphans.length > 0) await removeFile(this.#path(sha256))
    })
  }

  /** The database gave these up. */
  async release(digests: readonly string[]): Promise<void> {
    for (const sha256 of digests) {
      await this.#queue.run(sha256, async () => {
        const pin = this.#pins.get(sha256)
        if (pin === undefined) await removeFile(this.#path(sha256))
        else pin.released = true
      })
    }
  }

  async slice(sha256: string, offset: number, length: number): Promise<Uint8Array> {
    const handle = await this.#open(sha256)
    if (handle === null) {
      const bytes = await this.#inline(sha256)
      if (bytes === null) throw missing(sha256)
      return bytes.slice(offset, offset + length)
    }
    try {
      return await readFully(handle, offset, length)
    } finally {
      await handle.close()
    }
  }

  async *stream(sha256: string, { start, end } = wholePayload): AsyncIterable<Uint8Array> {
    // The database first: most documents are small, and a file that is not there was 4 % of what a collecting node did.
    const bytes = (await this.#inline(sha256))?.subarray(start, end)
    if (bytes !== undefined) {
      if (bytes.byteLength > 0) yield bytes
      return
    }
    const handle = await this.#open(sha256)
    if (handle === null) throw missing(sha256)
    try {
      for (let offset = start; offset < end; offset += streamChunk) {
        const wanted = Math.min(streamChunk, end - offset)
        const chunk = await readFully(handle, offset, wanted)
        if (chunk.byteLength > 0) yield chunk
        if (chunk.byteLength < wanted) return
      }
    } finally {
      await handle.close()
    }
  }

  /** null: it is a file, or unknown. */
  #inline(sha256: string): Promise<Uint8Array | null> {
    return this.#channel.call('inlinePayload', { sha256 })
  }

  async #open(sha256: string) {
    try {
      return await open(this.#path(sha256), 'r')
    } catch (error) {
      if (isMissing(error)) return null
      throw diskError(error)
    }
  }

  async #makeFolder(folder: string): Promise<void> {
    if (await exists(folder)) return
    await makePrivateDirectory(folder)
    await syncDirectory(this.#payloads)
  }

  #path(sha256: string): string {
    return join(this.#payloads, hexName(sha256).slice(0, 2), sha256)
  }
}

function missing(sha256: string): RelayError {
  return new RelayError('NOT_FOUND', { detail: { payload: sha256 } })
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
