/**
 * Reading packets of three sizes, against the bare XML parser over the same bytes in the same run.
 *
 * MB/s are of the packet's bytes and of processor time, threads of zlib included, so that a busy machine
 * does not show. Each figure is the best of three. A header read of a packet that begins with its header stops there, so
 * its figure says how early. Memory is the most in use above what was before (heap and buffers).
 */
import { SaxesParser } from 'saxes'
import { openHeaderReader, readPacket, samplePacket } from '../src/index.ts'
import { collect } from '../test/fixture.ts'
import { largePacket } from '../test/large-packet.ts'
import { growth } from '../test/memory-kit.ts'

const chunkBytes = 64 * 1024
const mebibyte = 1024 * 1024
/** Bytes read for each figure, so that small packets are read often. */
const bytesToRead = 50 * mebibyte
const largestRounds = 5000
const attempts = 3

type Read = (packet: Buffer, sample: () => void) => Promise<void>

async function* chunksOf(packet: Buffer): AsyncIterable<Buffer> {
  for (let at = 0; at < packet.length; at += chunkBytes) yield packet.subarray(at, at + chunkBytes)
}

async function bareParser(packet: Buffer, sample: () => void): Promise<void> {
  const parser = new SaxesParser({ xmlns: true, position: false })
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of chunksOf(packet)) {
    parser.write(decoder.decode(chunk, { stream: true }))
    sample()
  }
  parser.close()
}

async function header(packet: Buffer, sample: () => void): Promise<void> {
  const reader = openHeaderReader()
  for await (const chunk of chunksOf(packet)) {
    sample()
    if (reader.write(chunk)) break
  }
  reader.end()
}

async function whole(packet: Buffer, sample: () => void): Promise<void> {
  for await (const part of readPacket(chunksOf(packet))) {
    if (part.kind === 'header') continue
    for await (const _ of part.content) sample()
    const { file } = await part.facts()
    if (file === null) throw new Error('not read')
  }
}

async function passedOver(packet: Buffer, sample: () => void): Promise<void> {
  for await (const _ of readPacket(chunksOf(packet))) sample()
}

const reads: readonly (readonly [string, Read])[] = [
  ['bare parser', bareParser],
  ['header only', header],
  ['whole, attachments passed over', passedOver],
  ['whole, attachments unzipped and hashed', whole],
]

async function measure(packet: Buffer, read: Read): Promise<{ readonly perSecond: number; readonly grown: number }> {
  const rounds = Math.min(largestRounds, Math.max(1, Math.round(bytesToRead / packet.length)))
  let perSecond = 0
  for (let attempt = 0; attempt < attempts; attempt++) {
    const start = process.cpuUsage()
    for (let round = 0; round < rounds; round++) await read(packet, () => undefined)
    const { user, system } = process.cpuUsage(start)
    perSecond = Math.max(perSecond, (rounds * 1e6) / (user + system))
  }
  return { perSecond, grown: await growth((sample) => read(packet, sample)) }
}

const small = await collect(
  samplePacket({
    from: { organId: 'H29.18.05', organName: 'Uỷ ban nhân dân xã' },
    to: [{ organId: 'H26.10', organName: 'Uỷ ban nhân dân phường' }],
    number: '123/UBND-VP',
    subject: 'Về việc tổ chức hội nghị',
    attachmentBytes: 1_800,
  }),
)
const packets: readonly (readonly [string, Buffer])[] = [
  ['5 KB', small],
  ['1.4 MB', await collect(largePacket({ mebibytes: 1 }))],
  ['1.4 MB, attachment first', await collect(largePacket({ mebibytes: 1, inFront: true }))],
  ['105 MB', await collect(largePacket({ mebibytes: 25, attachments: 3 }))],
  ['105 MB, attachments first', await collect(largePacket({ mebibytes: 25, attachments: 3, inFront: true }))],
]

const rows: Record<string, string | number>[] = []
const bare = new Map<string, number>()
// The bare parser comes first everywhere, before V8 has seen it used in any other way.
for (const [name, read] of reads) {
  for (const [size, packet] of packets) {
    const { perSecond, grown } = await measure(packet, read)
    const speed = (perSecond * packet.length) / 1e6
    if (read === bareParser) bare.set(size, speed)
    rows.push({
      packet: size,
      read: name,
      'MB/s': Math.round(speed),
      'packets/s': Number(perSecond.toPrecision(3)),
      'times bare parser': Number((speed / (bare.get(size) ?? 0)).toFixed(2)),
      'memory MiB': Number((grown / mebibyte).toFixed(1)),
    })
  }
}
console.table(rows)
