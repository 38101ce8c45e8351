import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { openHeaderReader } from '../src/index.ts'
import { fixture, packetWith } from './fixture.ts'
import { type HostileCase, refusalOf, refuses } from './hostile-kit.ts'

const subject = (text: string): Buffer => packetWith(`<Subject>${text}</Subject>`)
const cases: readonly HostileCase[] = [
  ['nothing', 'empty', () => Buffer.alloc(0)],
  ['a PDF', 'not-xml', () => Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(4096, 0x20)])],
  ['JSON', 'not-xml', () => Buffer.from('{"edXML":1}')],
  [
    'UTF-16',
    'not-well-formed',
    () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(fixture('status.edxml').toString(), 'utf16le')]),
  ],
  ['a web page', 'root', () => Buffer.from('<html><body/></html>')],
  ['the invented root', 'root', () => Buffer.from('<EdXMLEnvelope xmlns="http://www.go.vn/eDoc"/>')],
  ['no envelope', 'envelope-missing', () => Buffer.from('<edXML><AttachmentEncoded/></edXML>')],
  [
    'an envelope of a foreign namespace',
    'envelope-missing',
    () => Buffer.from('<edXML><x:edXMLEnvelope xmlns:x="urn:x"/></edXML>'),
  ],
  ['no header', 'header-missing', () => Buffer.from('<edXML><edXMLEnvelope><edXMLHeader/></edXMLEnvelope></edXML>')],
  ['no sender', 'sender-missing', () => Buffer.from(packetWith('').toString().replace('>H29<', '> <'))],
  ['a document type', 'doctype', () => packetWith('', { prolog: '<!DOCTYPE edXML>' })],
  ['a document type after a comment', 'doctype', () => packetWith('', { prolog: '<!-- c --> <!DOCTYPE edXML>' })],
  ['a document type inside', 'not-well-formed', () => packetWith('<!DOCTYPE x>')],
  ['a document type inside an attachment', 'doctype', () => packetWith('', { beside: '<A><!DOCTYPE x></A>' })],
  [
    '100 k entities',
    'doctype',
    () => packetWith('', { prolog: `<!DOCTYPE e [${'<!ENTITY a "b">'.repeat(100_000)}]>` }),
  ],
  [
    'a billion laughs',
    'doctype',
    () =>
      packetWith('<Subject>&c;</Subject>', {
        prolog: '<!DOCTYPE e [<!ENTITY a "x"><!ENTITY b "&a;&a;"><!ENTITY c "&b;&b;">]>',
      }),
  ],
  ['an external entity', 'doctype', () => packetWith('', { prolog: '<!DOCTYPE e SYSTEM "file:///etc/hostname">' })],
  ['an undeclared entity', 'not-well-formed', () => subject('&unknown;')],
  ['an inherited name as entity', 'not-well-formed', () => subject('&constructor;')],
  ['a null character reference', 'not-well-formed', () => subject('&#0;')],
  ['a raw control character', 'not-well-formed', () => subject('\u0001')],
  ['an unending entity', 'not-well-formed', () => subject(`&${'a'.repeat(5_000_000)}`)],
  ['100 k nested elements', 'too-deep', () => packetWith('<a>'.repeat(100_000))],
  ['100 k nested elements in an attachment', 'too-deep', () => packetWith('', { beside: '<a>'.repeat(100_000) })],
  ['a field of 65,537 letters', 'field-too-long', () => subject('x'.repeat(65_537))],
  ['a field of 1 MB', 'token-too-long', () => subject('x'.repeat(1_000_000))],
  ['a comment of 100 KB', 'token-too-long', () => packetWith(`<!--${'n'.repeat(100_000)}-->`)],
  ['a field of many pieces', 'field-too-long', () => subject('<![CDATA[xxxx]]>'.repeat(20_000))],
  ['a text of no field', 'field-too-long', () => packetWith(`<Content>${'x'.repeat(66_000)}</Content>`)],
  ['a name of 5 MB', 'token-too-long', () => packetWith(`<${'n'.repeat(5_000_000)}/>`)],
  ['an attribute of 5 MB', 'token-too-long', () => packetWith(`<a b="${'n'.repeat(5_000_000)}"/>`)],
  ['a comment of 5 MB', 'token-too-long', () => packetWith(`<!--${'n'.repeat(5_000_000)}-->`)],
  ['a CDATA of 5 MB', 'token-too-long', () => subject(`<![CDATA[${'n'.repeat(5_000_000)}]]>`)],
  [
    'a name of 5 MB in an attachment',
    'token-too-long',
    () => packetWith('', { beside: `<A><${'n'.repeat(5_000_000)}` }),
  ],
  [
    '100 k attributes',
    'too-many-attributes',
    () => packetWith(`<a ${Array.from({ length: 100_000 }, (_, i) => `a${i}=""`).join(' ')}/>`),
  ],
  ['an attribute given twice', 'not-well-formed', () => packetWith('<a b="1" b="2"/>')],
  ['an unbound prefix', 'not-well-formed', () => packetWith('<x:a/>')],
  ['crossing tags', 'not-well-formed', () => packetWith('<a><b></a></b>')],
  ['more recipients than allowed', 'too-many-entries', () => packetWith('<To/>'.repeat(10)), { maxEntries: 10 }],
  ['a header beyond its limit', 'header-too-large', () => packetWith('<a/>'.repeat(1000)), { maxHeaderLength: 2000 }],
  ['more elements than allowed', 'too-many-elements', () => packetWith('<a/>'.repeat(100)), { maxElements: 100 }],
  [
    'more elements than allowed in an attachment',
    'too-many-elements',
    () => packetWith('', { beside: `<A>${'<a/>'.repeat(100)}</A>` }),
    { maxElements: 100 },
  ],
  [
    'tags of an attachment beyond the limit of what is parsed',
    'header-too-large',
    () => packetWith('', { beside: `<A>${`<a b="${'>'.repeat(1000)}"/>`.repeat(10)}</A>` }),
    { maxHeaderLength: 9000 },
  ],
  [
    'half a character',
    'not-utf8',
    () => Buffer.concat([Buffer.from('<edXML><a>'), Buffer.from([0xe1, 0xba]), Buffer.from('</a>')]),
  ],
  [
    'an overlong slash',
    'not-utf8',
    () => Buffer.concat([Buffer.from('<edXML><a>'), Buffer.from([0xc0, 0xaf]), Buffer.from('</a>')]),
  ],
  ['an encoded surrogate', 'not-utf8', () => Buffer.concat([Buffer.from('<edXML>'), Buffer.from([0xed, 0xa0, 0x80])])],
  ['another encoding', 'encoding', () => packetWith('', { prolog: '<?xml version="1.0" encoding="windows-1258"?>' })],
  ['two senders', 'duplicate', () => packetWith('<From><OrganId>H1</OrganId></From>')],
  ['two ids', 'duplicate', () => packetWith('<DocumentId>e</DocumentId>')],
  ['two codes in one recipient', 'duplicate', () => packetWith('<To><OrganId>H1</OrganId><OrganId>H2</OrganId></To>')],
  ['a comment in a code', 'mixed-content', () => packetWith('<To><OrganId>H1<!-- -->2</OrganId></To>')],
  ['an instruction in a code', 'mixed-content', () => packetWith('<To><OrganId>H1<?p q?>2</OrganId></To>')],
  ['an element in a code', 'mixed-content', () => packetWith('<To><OrganId>H1<b/>2</OrganId></To>')],
]

describe('header reader against hostile packets', () => {
  refuses(cases)

  it('refuses a document type at its first letter, wherever it is cut', () => {
    for (const opener of ['<!D', '<?xml version="1.0"?><!D', '<!-- > --><!D']) {
      for (const chunkBytes of [1, 2, opener.length]) {
        const reader = openHeaderReader()
        const feed = (): void => {
          for (let at = 0; at < opener.length; at += chunkBytes)
            reader.write(Buffer.from(opener.slice(at, at + chunkBytes)))
        }
        assert.throws(feed, { code: 'NOT_EDXML', detail: { why: 'doctype' } })
      }
    }
  })

  it('reads 50 k recipients and 100 k unknown elements', () => {
    const many = packetWith('<To><OrganId>H26</OrganId></To>'.repeat(50_000) + '<z/>'.repeat(100_000))
    assert.equal(refusalOf(many, 64 * 1024), null)
  })

  it('asks for the id of a document', () => {
    const packet = Buffer.from(packetWith('').toString().replace('<DocumentId>d</DocumentId>', '<DocumentId/>'))
    assert.equal(refusalOf(packet, packet.length)?.code, 'DOCUMENT_ID_MISSING')
  })

  it('calls a packet cut off anywhere in its envelope truncated', () => {
    const packet = fixture('document.edxml')
    const end = packet.indexOf('</edXML:edXMLEnvelope>') + '</edXML:edXMLEnvelope>'.length
    for (let cut = 1; cut < end; cut += 7) {
      assert.equal(refusalOf(packet.subarray(0, cut), cut)?.detail['why'], 'truncated', `cut at ${cut}`)
    }
  })

  it('gives the same error again once it has refused', () => {
    const reader = openHeaderReader()
    assert.throws(() => reader.write(Buffer.from('<html>')), { code: 'NOT_EDXML' })
    assert.throws(() => reader.write(fixture('document.edxml')), { code: 'NOT_EDXML' })
    assert.throws(() => reader.end(), { code: 'NOT_EDXML' })
  })

  it('ends every damaged packet in a header or a RelayError, however it is cut', () => {
    const packet = fixture('dotnet-order.edxml')
    const damage = fc.record({
      at: fc.nat(packet.length - 1),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(...'<>&"/![]-?'.split('').map((c) => c.charCodeAt(0)))),
    })
    fc.assert(
      fc.property(
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 400 }),
        (damages, chunkBytes) => {
          const damaged = Buffer.from(packet)
          for (const { at, byte } of damages) damaged[at] = byte
          const whole = refusalOf(damaged, damaged.length)
          const cut = refusalOf(damaged, chunkBytes)
          assert.equal(cut?.message, whole?.message)
        },
      ),
      { numRuns: 400 },
    )
  })
})
