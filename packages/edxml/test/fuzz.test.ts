import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { fixture } from './fixture.ts'
import { fuzzHeaders, fuzzPackets, healthyPackets, partsOf, readingOf } from './fuzz-kit.ts'
import { cutInto } from './fuzz-mutations.ts'

/** The same damage every time; the long run draws its own and names the seed of what it finds. */
const seed = 102_2016

describe('damaged packets', () => {
  let packets: readonly Buffer[] = []
  before(async () => {
    packets = await healthyPackets()
  })

  it('are sound before they are damaged', async () => {
    for (const packet of packets) {
      const { header, said } = readingOf([packet])
      assert.notEqual(header, null, said)
      const { headers, said: parts } = await partsOf([packet])
      assert.deepEqual(headers, [header], parts.at(-1))
    }
  })

  it('end in a header or a refusal, the same however they are cut', () => {
    fuzzHeaders(packets, { numRuns: 2000, seed })
  })

  it('end in parts and a refusal when read whole, the same however they are cut', async () => {
    await fuzzPackets(packets, { numRuns: 600, seed })
  })

  it('are refused for the same reason and on the same line wherever cut: what damage has shown before', async () => {
    for (const [packet, why] of [
      ['<?xml version="1.0"?>====\n\n<edXML/>', 'not-well-formed'],
      ['<<!DOCTYPE edXML>', 'not-well-formed'],
      ['<!-- -- <!DOCTYPE edXML>', 'not-well-formed'],
      ['<?xml version="1.0"?>\n<!DOCTYPE edXML>', 'doctype'],
      ['<edXML>\n<edXMLEnvelope>&b c d e f g h i j k l m n o p q r s\n t u v w x y z', 'not-well-formed'],
      ['<edXML>\n\n<edXMLEnvelope></edXMLEnveloppe>', 'not-well-formed'],
      ['<edXML xmlns="\n\n urn:x"/>', 'not-well-formed'],
      ['<edXML><edXMLEnvelope/></edXML>\n\n====\n', null],
    ] as const) {
      const bytes = Buffer.from(packet)
      for (const size of [1, 2, 3, 5, 7, 11]) {
        const cut = cutInto(bytes, [size])
        assert.equal(readingOf(cut).said, readingOf([bytes]).said, packet)
        assert.deepEqual((await partsOf(cutInto(bytes, [size]))).said, (await partsOf([bytes])).said, packet)
      }
      if (why !== null) assert.ok(readingOf([bytes]).said.includes(`why="${why}"`), packet)
    }
  })

  it('are truncated wherever they end too early, and nothing else', async () => {
    for (const name of ['gateway-2025', 'status', 'swapped-take-back']) {
      const whole = fixture(`${name}.edxml`)
      const packet = whole.subarray(whole.indexOf('<'))
      const text = packet.toString('latin1').trimEnd()
      const envelopeEnd = text.indexOf('>', text.indexOf('edXMLEnvelope', text.length - 70)) + 1
      for (let cut = 1; cut < text.length; cut++) {
        const prefix = packet.subarray(0, cut)
        const { header, said } = readingOf([prefix])
        assert.ok(header !== null ? cut >= envelopeEnd : said.includes('why="truncated"'), `${name} at ${cut}: ${said}`)
        if (cut % 7 === 0)
          assert.match((await partsOf([prefix])).said.at(-1) ?? '', /why="truncated"/, `${name} at ${cut}`)
      }
    }
  })
})
