/** Headers read per second: whole packets in memory, as a node's front door sees small ones. */
import { Bench } from 'tinybench'
import { openHeaderReader, samplePacket, writeStatus } from '../src/index.ts'

const organization = { organId: 'H29.18.05', organName: 'Uỷ ban nhân dân xã' }

async function packetOf(attachmentBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const to = [{ organId: 'H26.10', organName: 'Uỷ ban nhân dân phường' }]
  const request = {
    from: organization,
    to,
    number: '123/UBND-VP',
    subject: 'Về việc tổ chức hội nghị',
    attachmentBytes,
  }
  for await (const chunk of samplePacket(request)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function behindAttachments(packet: Uint8Array): Uint8Array {
  const text = Buffer.from(packet).toString('utf8')
  const [, envelope = '', attachments = ''] =
    /(<edXML:edXMLEnvelope.*<\/edXML:edXMLEnvelope>)(.*)<\/edXML>/s.exec(text) ?? []
  return Buffer.from(text.replace(envelope + attachments, () => attachments + envelope))
}

function read(packet: Uint8Array): void {
  const reader = openHeaderReader()
  reader.write(packet)
  reader.end()
}

const small = await packetOf(1_800)
const large = await packetOf(780_000)
const status = writeStatus({
  from: organization,
  responseFor: [
    {
      organId: 'H26.10',
      code: '1/UBND',
      documentId: 'H26.10,2025/07/01,1/UBND',
      promulgationDate: '2025/07/01',
    },
  ],
  statusCode: 1,
  sentAt: 0,
})
const packets: readonly (readonly [string, Uint8Array])[] = [
  ['document', small],
  ['document', large],
  ['document behind its attachment', behindAttachments(large)],
  ['status', status],
]

const bench = new Bench({ time: 1000 })
for (const [name, packet] of packets) bench.add(`${name}, ${(packet.length / 1024).toFixed(1)} KiB`, () => read(packet))
await bench.run()
console.table(bench.table())
