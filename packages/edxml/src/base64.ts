/** Bytes gathered before they are encoded; a multiple of three, so that pieces join without padding. */
const pieceBytes = 48 * 1024

/** Base64 of a stream, as ASCII bytes, without line breaks. Chunk sizes of the source do not show. */
export async function* base64(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const piece = Buffer.allocUnsafe(pieceBytes)
  let filled = 0
  for await (const chunk of source) {
    let at = 0
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + pieceBytes - filled)
      piece.set(part, filled)
      filled += part.length
      at += part.length
      if (filled === pieceBytes) {
        yield encode(piece)
        filled = 0
      }
    }
  }
  if (filled > 0) yield encode(piece.subarray(0, filled))
}

function encode(piece: Buffer): Uint8Array {
  return Buffer.from(piece.toString('base64'), 'latin1')
}
