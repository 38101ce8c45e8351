/** A packet of any size that costs nothing to make: its attachment is one piece of base64, over and over. */
import { packet } from './real-node.ts'

const piece = Buffer.alloc(64 * 1024, 'QUJD')

export interface BigPacket {
  readonly size: number
  chunks(): Generator<Buffer>
}

/** At least `bytes` long. */
export async function bigPacket(number: string, bytes: number): Promise<BigPacket> {
  const small = await packet(number)
  const text = small.toString('latin1')
  // Behind the header stands the attachment's base64: the longest run of such characters.
  const [run = ''] = [...text.matchAll(/[A-Za-z0-9+/]{200,}/g)]
    .map(([found]) => found)
    .sort((a, b) => b.length - a.length)
  const cut = text.indexOf(run)
  const pieces = Math.ceil(bytes / piece.length)
  return {
    size: small.length + pieces * piece.length,
    *chunks() {
      yield small.subarray(0, cut)
      for (let count = 0; count < pieces; count += 1) yield piece
      yield small.subarray(cut)
    },
  }
}
