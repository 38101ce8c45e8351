import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { openHeaderReader, type PacketWarning } from '../src/index.ts'
import { fixture, packetWith } from './fixture.ts'

function warningsOf(packet: Uint8Array): readonly PacketWarning[] {
  const reader = openHeaderReader()
  reader.write(packet)
  reader.end()
  return reader.warnings
}

/** Codes without the one every prefixless packet here earns. */
function codesOf(packet: Uint8Array): readonly string[] {
  return warningsOf(packet).flatMap(({ code }) => (code === 'PREFIX_MISSING' ? [] : code))
}

describe('warnings about a header', () => {
  it('has none for the Java builder’s document', () => {
    assert.deepEqual(warningsOf(fixture('document.edxml')), [])
  })

  for (const [name, inside, code] of [
    ['a day that does not exist', '<DueDate>2014/02/30</DueDate>', 'FIELD_NOT_DATE'],
    ['a date in another form', '<DueDate>30-01-2014</DueDate>', 'FIELD_NOT_DATE'],
    ['a time without seconds', '<Timestamp>2014/01/30 08:00</Timestamp>', 'FIELD_NOT_TIME'],
    ['a number with a sign', '<SteeringType>-1</SteeringType>', 'FIELD_NOT_NUMBER'],
    ['a flag in words', '<OtherInfo><Direction>có</Direction></OtherInfo>', 'FIELD_NOT_FLAG'],
    ['a text too long', `<Subject>${'ă'.repeat(501)}</Subject>`, 'FIELD_TOO_LONG'],
    ['a text that changes direction', '<Subject>a\u202eb</Subject>', 'FIELD_ODD_CHARACTERS'],
    ['a comment in a text', '<Subject>a<!-- -->b</Subject>', 'FIELD_MIXED'],
    ['a second subject', '<Subject>a</Subject><Subject>b</Subject>', 'FIELD_REPEATED'],
    ['an element in the wrong case', '<subject>a</subject>', 'ELEMENT_UNKNOWN'],
    ['a recipient called null', '<To><OrganId>null</OrganId></To>', 'ORGAN_ID_NULL'],
  ] as const) {
    it(`names ${name}: ${code}`, () => assert.deepEqual(codesOf(packetWith(inside)), [code]))
  }

  it('names junk in front, but not a byte order mark', () => {
    assert.deepEqual(codesOf(Buffer.concat([Buffer.from('1212'), packetWith('')])), ['JUNK_BEFORE_XML'])
    assert.deepEqual(codesOf(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), packetWith('')])), [])
  })

  it('names a namespace nobody knows, and a missing prefix once', () => {
    const foreign = packetWith('').toString().replace('http://www.mic.gov.vn/TBT/QCVN_102_2016', 'urn:x')
    assert.deepEqual(
      warningsOf(Buffer.from(foreign)).map(({ code }) => code),
      ['NAMESPACE_UNUSUAL', 'PREFIX_MISSING'],
    )
  })

  it('stops at a hundred', () => {
    assert.equal(warningsOf(packetWith('<z/>'.repeat(5000))).length, 100)
  })
})
