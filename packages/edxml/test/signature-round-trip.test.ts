import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readHeader, signPacket, verifySignature } from '../src/index.ts'
import { fixture, packetWith } from './fixture.ts'
import {
  canonicalContent,
  ecKeys,
  letter,
  marked,
  packetOf,
  pemOf,
  refusalOf,
  rsaKeys,
  signed,
} from './signature-kit.ts'

const packets = 200
const tampers = 200

const keysOf = (seed: number): typeof rsaKeys => (seed % 2 === 0 ? rsaKeys : ecKeys)

describe('signing', () => {
  it(`gives packets that verify, and the content that was signed: ${packets} of them`, async () => {
    for (let seed = 0; seed < packets; seed++) {
      const keys = keysOf(seed)
      const packet = await packetOf(seed)
      const result = await signPacket(packet, { privateKey: keys.privateKey })
      const content = await verifySignature(result, { profile: 'edxml', trusted: pemOf(keys) })

      assert.equal(Buffer.from(content.bytes).toString(), canonicalContent(Buffer.from(packet).toString(), 'exc-c14n'))
      assert.deepEqual(content.header(), await readHeader(packet))
    }
  })

  it('changes no byte of the packet', async () => {
    for (let seed = 0; seed < 6; seed++) {
      const packet = await packetOf(seed)
      const result = Buffer.from(
        await signPacket(packet, {
          privateKey: rsaKeys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        }),
      )
      const start = result.indexOf('<ds:Signature ')
      const end = result.indexOf('</ds:Signature>') + '</ds:Signature>'.length
      assert.deepEqual(Buffer.concat([result.subarray(0, start), result.subarray(end)]), Buffer.from(packet))
      assert.match(result.subarray(end).toString(), /^<\/edXML:edXMLHeader>/)
    }
  })

  it('takes the packets of the field, as far as they may be signed', async () => {
    const signer = { privateKey: ecKeys.privateKey }
    for (const name of ['document.edxml', 'status.edxml']) {
      const result = await signPacket(fixture(name), signer)
      assert.equal(await refusalOf(result, { trusted: pemOf(ecKeys) }), null)
    }
    await assert.rejects(signPacket(fixture('dotnet-order.edxml'), signer), {
      code: 'NOT_EDXML',
      detail: { why: 'encoding' },
    })
    const withCdata = letter().replace('>d-1<', '><![CDATA[d-1]]><')
    await assert.rejects(signPacket(Buffer.from(withCdata), signer), { code: 'SIGNATURE_COMMENT' })
    await assert.rejects(signPacket(fixture('gateway-2025.edxml'), signer), { code: 'NOT_EDXML' })
    await assert.rejects(signPacket(fixture('generation-2015.edxml'), signer), { code: 'SIGNATURE_NAMESPACE' })
    await assert.rejects(signPacket(Buffer.from('<edXML/>'), signer), { code: 'SIGNATURE_NAMESPACE' })
    const headerless = packetWith('')
      .toString()
      .replace(/<edXMLHeader>.*<\/edXMLHeader>/, '')
    await assert.rejects(signPacket(Buffer.from(headerless), signer), { code: 'NOT_EDXML' })
  })

  it('is refused for a packet that is signed already, whatever the key', async () => {
    const once = await signPacket(Buffer.from(letter()), { privateKey: rsaKeys.privateKey })
    for (const privateKey of [rsaKeys.privateKey, 'no key']) {
      await assert.rejects(signPacket(once, { privateKey }), { code: 'SIGNATURE_REPEATED' })
    }
  })
})

describe('a signature', () => {
  it(`holds for the packet as it was, to the character: ${tampers} changes`, async () => {
    const originals = await Promise.all(
      [0, 1, 3, 4].map(async (seed) =>
        Buffer.from(await signPacket(await packetOf(seed), { privateKey: keysOf(seed).privateKey })),
      ),
    )
    originals.push(Buffer.from(signed(marked())))
    const keys = [0, 1, 3, 4, 0].map(keysOf)
    for (const [at, original] of originals.entries()) {
      assert.equal(await refusalOf(original, { trusted: pemOf(keys[at] ?? rsaKeys) }), null)
    }
    const random = mulberry(20_250_701)
    for (let round = 0; round < tampers; round++) {
      const at = round % originals.length
      const text = originals[at]?.toString() ?? ''
      const position = pick(text, random)
      const was = text[position] ?? ''
      const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.replace(was, '')
      const becomes = letters[Math.floor(random() * letters.length)] ?? ''
      const changed = text.slice(0, position) + becomes + text.slice(position + 1)
      const around = text.slice(position - 20, position + 20)
      assert.notEqual(
        await refusalOf(changed, { trusted: pemOf(keys[at] ?? rsaKeys) }),
        null,
        `${was} to ${becomes} in ${around}`,
      )
    }
  })

  it('does not mind what canonicalization leaves out', async () => {
    const text = signed(marked())
    const changes: readonly (readonly [string | RegExp, string])[] = [
      [/^<\?xml.*\n/, ''],
      ['<?xml', '\uFEFF<?xml'],
      ['version="1.0"/>', "version = '1.0' ></edXML:edXMLManifest >"],
      ['</edXML>\n', '</edXML>\n\n'],
      ['H29.18.05', 'H29&#46;18.05'],
    ]
    for (const [search, value] of changes) {
      assert.equal(await refusalOf(text.replace(search, value)), null, String(search))
    }
  })
})

/** A letter or digit that was signed or says so: in content or signature, not in the XML declaration. */
function pick(text: string, random: () => number): number {
  const start = text.indexOf('<', 1)
  for (;;) {
    const position = start + Math.floor(random() * (text.length - start))
    if (/[0-9A-Za-z]/.test(text[position] ?? '')) return position
  }
}

function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
