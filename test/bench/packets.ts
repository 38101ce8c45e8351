/**
 * Real edXML packets with an incompressible zipped PDF, in three sizes.
 *
 * One packet of each kind is written by the edXML writer; the others are that packet with another document number in
 * its place, so that a thousand different documents of 1 MiB take no minutes to make.
 */
import type { OrganId } from '@lienthong/core'
import { samplePacket } from '@lienthong/edxml'

export type SizeName = '5KiB' | '64KiB' | '1MiB'

/** Size of the PDF that makes a packet just as large as its name, or a little smaller. */
const attachmentBytes: Readonly<Record<SizeName, number>> = { '5KiB': 1_830, '64KiB': 47_000, '1MiB': 784_000 }

/** Stands in the packet wherever its number stands, and nowhere else. */
const placeholder = '90000000'

export interface PacketMaker {
  readonly bytes: number
  /** A packet whose number no other packet of this process has. */
  next(): Buffer
}

/** Makers of one process share a counter: no number comes twice. */
export interface Packets {
  maker(size: SizeName, way: { readonly from: OrganId; readonly to: OrganId }): Promise<PacketMaker>
}

export function createPackets(): Packets {
  let number = 0
  return {
    async maker(size, { from, to }) {
      const base = await packetBytes(size, from, to)
      const places = placesOf(base)
      return {
        bytes: base.length,
        next() {
          number += 1
          const packet = Buffer.from(base)
          const digits = String(Number(placeholder) + number)
          for (const place of places) packet.write(digits, place, 'latin1')
          return packet
        },
      }
    },
  }
}

async function packetBytes(size: SizeName, from: OrganId, to: OrganId): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of samplePacket({
    from: { organId: from, organName: `Ủy ban nhân dân ${from}` },
    to: [{ organId: to, organName: `Ủy ban nhân dân ${to}` }],
    number: `${placeholder}/UBND-VP`,
    subject: 'Về việc đo thông lượng trục liên thông',
    attachmentBytes: attachmentBytes[size],
  })) {
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function placesOf(packet: Buffer): readonly number[] {
  const places: number[] = []
  for (let at = packet.indexOf(placeholder); at >= 0; at = packet.indexOf(placeholder, at + 1)) places.push(at)
  if (places.length === 0) throw new Error('the sample packet does not show its number')
  return places
}
