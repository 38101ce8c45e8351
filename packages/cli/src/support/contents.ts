/** What is in an archive that somebody else has made: its list alone, read as it comes, to a bound. */
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { type PlainPhraseKey, RelayError } from '@lienthong/core'

export interface ContentsItem {
  readonly name: string
  readonly bytes: number
}

/** A block of a tar; the places of its header [POSIX.1-2017, pax, ustar]. */
const block = 512
const [nameEnd, sizeAt, sizeEnd, typeAt] = [100, 124, 136, 156]
/** A bundle has some ten. */
const maxItems = 1_000
/** Unpacked; past it somebody wants this program to be busy. */
const maxBytes = 1024 * 1024 * 1024

/** Reasons, as the system writes its own. */
const [tooLarge, notAnArchive] = ['EFBIG', 'EBADMSG']

/** Throws FILE_UNREADABLE for what is no .tar.gz, or a monstrous one, and what `archive` throws. `shown` names it. */
export async function contentsOf(archive: AsyncIterable<Uint8Array>, shown: string): Promise<readonly ContentsItem[]> {
  const refuse = (reason: string, cause?: unknown) =>
    new RelayError('FILE_UNREADABLE', { detail: { file: shown, reason }, cause })
  const source = Readable.from(archive, { objectMode: false })
  const unpacked = createGunzip()
  source.on('error', (error) => unpacked.destroy(error))
  const items: ContentsItem[] = []
  let [held, skip, total] = [Buffer.alloc(0), 0, 0]
  try {
    for await (const chunk of source.pipe(unpacked) as AsyncIterable<Buffer>) {
      total += chunk.length
      if (total > maxBytes) throw refuse(tooLarge)
      const passed = Math.min(skip, chunk.length)
      skip -= passed
      held = Buffer.concat([held, chunk.subarray(passed)])
      while (skip === 0 && held.length >= block) {
        const item = itemIn(held.subarray(0, block))
        if (item === null) throw refuse(notAnArchive)
        if (item.isFile) items.push({ name: item.name, bytes: item.bytes })
        if (items.length > maxItems) throw refuse(tooLarge)
        const behind = block + Math.ceil(item.bytes / block) * block
        skip = Math.max(0, behind - held.length)
        held = held.subarray(Math.min(behind, held.length))
      }
    }
  } catch (error) {
    if (error instanceof RelayError) throw error
    throw refuse(notAnArchive, error)
  } finally {
    source.destroy()
    unpacked.destroy()
  }
  if (held.length > 0 || skip > 0) throw refuse(notAnArchive)
  return items
}

/** null: no header. Blocks of zeros end a tar: they are items that are no files. */
function itemIn(header: Buffer): (ContentsItem & { readonly isFile: boolean }) | null {
  if (header.every((byte) => byte === 0)) return { name: '', bytes: 0, isFile: false }
  const [name = ''] = header.toString('utf8', 0, nameEnd).split('\0')
  const [size] = /^ *[0-7]+/.exec(header.toString('latin1', sizeAt, sizeEnd)) ?? []
  if (size === undefined || name === '') return null
  return { name, bytes: Number.parseInt(size, 8), isFile: [0, 0x30].includes(header[typeAt] ?? 0) }
}

const meanings: readonly (readonly [name: RegExp, what: PlainPhraseKey])[] = [
  [/^doctor\.json$/, 'support.doctor'],
  [/^status\.json$/, 'support.status'],
  [/^checks\.json$/, 'support.checks'],
  [/^versions\.json$/, 'support.versions'],
  [/^node\.yaml$/, 'support.nodeFile'],
  [/^broker\.json$/, 'support.broker'],
  [/^log-\d+\.txt$/, 'support.log'],
]

/** What a file of a bundle is, by its name; null for one of versions to come. */
export function meaningOf(name: string): PlainPhraseKey | null {
  const base = name.slice(name.lastIndexOf('/') + 1)
  return meanings.find(([pattern]) => pattern.test(base))?.[1] ?? null
}
