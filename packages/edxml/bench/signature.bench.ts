/** Packets signed and verified per second, and the same bytes by bare cryptography: what XML costs. */
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { Bench } from 'tinybench'
import { samplePacket, signPacket, verifySignature } from '../src/index.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const trusted = publicKey.export({ type: 'spki', format: 'pem' }).toString()

async function packetOf(attachmentBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const from = { organId: 'H29.18.05', organName: 'Uỷ ban nhân dân xã' }
  const to = [{ organId: 'H26.10', organName: 'Uỷ ban nhân dân phường' }]
  const request = { from, to, number: '123/UBND-VP', subject: 'Về việc tổ chức hội nghị', attachmentBytes }
  for await (const chunk of samplePacket(request)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const rows: Record<string, string>[] = []
for (const packet of [await packetOf(1_800), await packetOf(780_000)]) {
  const signed = await signPacket(packet, { privateKey })
  const signature = sign('sha256', packet, privateKey)
  const bench = new Bench({ time: 2000 })
  bench.add('sign', () => signPacket(packet, { privateKey }))
  bench.add('verify', () => verifySignature(signed, { profile: 'edxml', trusted }))
  bench.add('sign, bytes', () => sign('sha256', packet, privateKey))
  bench.add('verify, bytes', () => verify('sha256', packet, publicKey, signature))
  await bench.run()
  const perSecond = (name: string): number => {
    const result = bench.getTask(name)?.result
    return result !== undefined && 'throughput' in result ? result.throughput.mean : Number.NaN
  }
  for (const what of ['sign', 'verify']) {
    const [packets, bytes] = [perSecond(what), perSecond(`${what}, bytes`)]
    rows.push({
      what: `${what}, ${(packet.length / 1024).toFixed(1)} KiB`,
      'packets/s': packets.toFixed(1),
      'bytes only/s': bytes.toFixed(0),
      ratio: (bytes / packets).toFixed(0),
    })
  }
}
console.table(rows)
