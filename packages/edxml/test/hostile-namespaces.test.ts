import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fixture, namespace102, packetWith } from './fixture.ts'
import { type HostileCase, readingOf, refuses, timed } from './hostile-kit.ts'

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace'
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/'

const cases: readonly HostileCase[] = [
  ['the prefix xml for something else', 'not-well-formed', () => packetWith('<To xmlns:xml="urn:x"/>')],
  ['another prefix for what is xml’s', 'not-well-formed', () => packetWith(`<To xmlns:x="${xmlNamespace}"/>`)],
  ['no prefix for what is xml’s', 'not-well-formed', () => packetWith(`<To xmlns="${xmlNamespace}"/>`)],
  ['the prefix xmlns declared', 'not-well-formed', () => packetWith(`<To xmlns:xmlns="${xmlnsNamespace}"/>`)],
  ['the prefix xmlns for something else', 'not-well-formed', () => packetWith('<To xmlns:xmlns="urn:x"/>')],
  ['another prefix for what is xmlns’s', 'not-well-formed', () => packetWith(`<To xmlns:x="${xmlnsNamespace}"/>`)],
  ['an element with the prefix xmlns', 'not-well-formed', () => packetWith('<xmlns:To/>')],
  ['a prefix taken back', 'not-well-formed', () => packetWith('<To xmlns:x="urn:x"><a xmlns:x=""/></To>')],
  ['a prefix of no element above', 'not-well-formed', () => packetWith('<a xmlns:x="urn:x"/><x:To/>')],
  ['a name of two colons', 'not-well-formed', () => packetWith('<a:b:c xmlns:a="urn:a"/>')],
  ['a name that begins with a colon', 'not-well-formed', () => packetWith('<:To/>')],
  ['a name that ends with a colon', 'not-well-formed', () => packetWith('<To:/>')],
  ['a namespace with white space before it', 'not-well-formed', () => packetWith(`<To xmlns:x=" ${namespace102}"/>`)],
  ['a namespace with white space behind it', 'not-well-formed', () => packetWith(`<To xmlns="${namespace102}&#10;"/>`)],
  [
    'one attribute under two prefixes of one namespace',
    'not-well-formed',
    () => packetWith('<a xmlns:x="urn:x" xmlns:y="urn:x" x:b="1" y:b="2"/>'),
  ],
  ['one prefix declared twice', 'not-well-formed', () => packetWith('<a xmlns:x="urn:x" xmlns:x="urn:y"/>')],
  [
    'a root of a foreign prefix',
    'envelope-missing',
    () => Buffer.from(`<x:edXML xmlns:x="urn:x"><y:edXMLEnvelope xmlns:y="urn:y"/></x:edXML>`),
  ],
  ['a namespace of 65,537 letters', 'token-too-long', () => packetWith(`<a xmlns:x="urn:${'x'.repeat(65_533)}"/>`)],
  ['a namespace of 5 MB', 'token-too-long', () => packetWith(`<a xmlns:x="${'x'.repeat(5_000_000)}"/>`)],
  [
    '65 namespaces in one element',
    'too-many-attributes',
    () => packetWith(`<a ${Array.from({ length: 65 }, (_, i) => `xmlns:a${i}="urn:a"`).join(' ')}/>`),
  ],
  [
    'the sender’s prefix bound to something else',
    'sender-missing',
    () => rebound(/<edXML:From>/, '<edXML:From xmlns:edXML="urn:x">'),
  ],
  [
    'the sender’s code in something else',
    'sender-missing',
    () => rebound(/(<edXML:From>\s*)<edXML:OrganId>/, '$1<edXML:OrganId xmlns:edXML="urn:x">'),
  ],
  [
    'the header’s prefix bound to something else',
    'header-missing',
    () => rebound(/<edXML:edXMLHeader>/, '<edXML:edXMLHeader xmlns:edXML="urn:x">'),
  ],
]

/** The Java builder's document with a prefix bound anew. */
function rebound(pattern: RegExp, replacement: string): Buffer {
  const text = fixture('document.edxml').toString()
  assert.match(text, pattern)
  return Buffer.from(text.replace(pattern, replacement))
}

describe('namespaces against the reader', () => {
  refuses(cases)

  it('decide what an element is, not its prefix', () => {
    const { header, warnings } = readingOf(
      rebound(/<edXML:To>/, '<edXML:To xmlns:edXML="urn:x"><edXML:OrganId>H99</edXML:OrganId></edXML:To><edXML:To>'),
    )
    assert.deepEqual(header, readingOf(fixture('document.edxml')).header)
    assert.deepEqual(warnings, [{ code: 'ELEMENT_UNKNOWN', detail: { field: 'MessageHeader/To' } }])
  })

  it('may be bound anew to the same, under any prefix', () => {
    const { header, warnings } = readingOf(
      rebound(
        /<edXML:Subject>[^<]*<\/edXML:Subject>/,
        `<__proto__:Subject xmlns:__proto__="${namespace102}">x</__proto__:Subject>`,
      ),
    )
    assert.equal(header?.subject, 'x')
    assert.deepEqual(warnings, [])
  })

  it('may be taken back: an element of none is the packet’s, one of another below it is not', () => {
    const inside = '<To xmlns=""><OrganId>H1</OrganId><OrganId xmlns="urn:x">H2</OrganId></To>'
    assert.deepEqual(
      readingOf(packetWith(inside)).header?.to.map(({ organId }) => organId),
      ['H26', 'H1'],
    )
  })

  it('with quotes and angle brackets in them are foreign, and hide nothing', () => {
    const uri = `${namespace102}&quot;&gt;&lt;To&gt;`
    for (const other of [uri, namespace102.toUpperCase(), `${namespace102}/`]) {
      const { header, warnings } = readingOf(packetWith(`<x:To xmlns:x="${other}"><x:OrganId>H1</x:OrganId></x:To>`))
      assert.deepEqual([header?.to.length, warnings.at(-1)?.code], [1, 'ELEMENT_UNKNOWN'], other)
    }
  })

  it('in the sixties of sixty-four elements deep cost no time', () => {
    const declarations = Array.from({ length: 64 }, (_, i) => `xmlns:a${i}="urn:${i}"`).join(' ')
    const nest = `<a ${declarations}>`.repeat(59) + '<a63:b/>' + '</a>'.repeat(59)
    const { result, ms } = timed(() => readingOf(packetWith(nest.repeat(50))))
    assert.equal(result.error, null)
    assert.ok(ms < 4500, `took ${ms} ms`)
  })

  it('of xml itself may be used as it is', () => {
    const { header, error } = readingOf(
      packetWith(
        `<Subject xml:lang="vi" xmlns:xml="${xmlNamespace}">x</Subject><xml:To><OrganId>H1</OrganId></xml:To>`,
      ),
    )
    assert.deepEqual([error, header?.subject, header?.to.length], [null, 'x', 1])
  })
})
