import { PassThrough, Readable } from 'node:stream'
import yazl from 'yazl'

/** PDFs are compressed inside already: on such content level 6 gives the same size as level 1, to the byte. */
const compressionLevel = 1

/** yazl writes local time, so a date built from local parts gives the same bytes in every zone. */
const entryTime = new Date(2016, 3, 1)

/**
 * A zip with one DEFLATE entry followed by a data descriptor, as a stream: nothing is held beyond the
 * streams' buffers. Leaving early closes the source; a failing source fails the zip.
 */
export async function* zipEntry(
  entryName: string,
  content: Uint8Array | AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const source = Readable.from(content instanceof Uint8Array ? [content] : content, { objectMode: false })
  const zip = new yazl.ZipFile()
  const output = zip.outputStream.pipe(new PassThrough())
  const fail = (cause: unknown): void => {
    output.destroy(cause instanceof Error ? cause : new Error(String(cause)))
  }
  source.on('error', fail)
  zip.on('error', fail)
  zip.addReadStream(source, entryName, { compressionLevel, forceDosTimestamp: true, mtime: entryTime })
  zip.end()
  try {
    for await (const chunk of output) yield chunk as Uint8Array
  } finally {
    source.destroy()
  }
}
