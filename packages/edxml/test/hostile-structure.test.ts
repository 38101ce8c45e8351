import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultLimits, readHeader, readPacket } from '../src/index.ts'
import { namespace102, packetWith } from './fixture.ts'
import { type HostileCase, packetRefusalOf, readingOf, refusalOf, refuses } from './hostile-kit.ts'
import { growth } from './memory-kit.ts'

const message = (inside = ''): string =>
  `<MessageHeader><From><OrganId>H29</OrganId></From><To><OrganId>H26</OrganId></To><DocumentId>d</DocumentId>${inside}</MessageHeader>`
const header = (inside = message()): string => `<edXMLHeader>${inside}</edXMLHeader>`
const envelope = (inside = header()): string => `<edXMLEnvelope>${inside}</edXMLEnvelope>`
const packet = (inside = envelope()): Buffer => Buffer.from(`<edXML xmlns="${namespace102}">${inside}</edXML>`)
const forged = '<To><OrganId>H99</OrganId></To>'
const nested = (count: number): string => '<a>'.repeat(count) + '</a>'.repeat(count)
const withAttributes = (count: number): string =>
  `<a ${Array.from({ length: count }, (_, i) => `a${i}=""`).join(' ')}/>`
/** edXML, edXMLEnvelope, edXMLHeader, MessageHeader. */
const depthOfFields = 4

const cases: readonly HostileCase[] = [
  ['two headers', 'duplicate', () => packet(envelope(header() + header()))],
  ['two bodies', 'duplicate', () => packet(envelope(`${header()}<edXMLBody/><edXMLBody/>`))],
  ['two MessageHeaders', 'duplicate', () => packet(envelope(header(message() + message())))],
  ['two Bussiness in one list', 'duplicate', () => withTrace('<Bussiness/><Bussiness/>')],
  ['Bussiness in a second list', 'duplicate', () => withTrace('</TraceHeaderList><TraceHeaderList><Bussiness/>')],
  [
    'Bussiness in each of two lists',
    'duplicate',
    () => withTrace('<Bussiness/></TraceHeaderList><TraceHeaderList><Bussiness/>'),
  ],
  [
    'a priority in a second OtherInfo',
    'duplicate',
    () => packetWith('<OtherInfo/><OtherInfo><Priority>4</Priority></OtherInfo>'),
  ],
  [
    'two priorities',
    'duplicate',
    () => packetWith('<OtherInfo><Priority>0</Priority><Priority>4</Priority></OtherInfo>'),
  ],
  ['two status codes', 'duplicate', () => packetWith('<StatusCode>1</StatusCode><StatusCode>2</StatusCode>')],
  [
    'a replaced document in a second list',
    'duplicate',
    () =>
      withTrace(
        `<Bussiness><ReplacementInfoList/><ReplacementInfoList><ReplacementInfo><DocumentId>x</DocumentId></ReplacementInfo></ReplacementInfoList></Bussiness>`,
      ),
  ],
  [
    'the same code once as CDATA',
    'duplicate',
    () => packetWith('<To><OrganId>H1</OrganId><OrganId><![CDATA[H1]]></OrganId></To>'),
  ],
  [
    'a second code under another prefix',
    'duplicate',
    () => packetWith(`<To><OrganId>H1</OrganId><x:OrganId xmlns:x="${namespace102}">H2</x:OrganId></To>`),
  ],
  [
    'a second code of the older namespace',
    'duplicate',
    () => packetWith('<To><OrganId>H1</OrganId><x:OrganId xmlns:x="http://www.e-doc.vn/Schema/">H2</x:OrganId></To>'),
  ],
  [
    'a second code of no namespace',
    'duplicate',
    () => packetWith('<To><OrganId>H1</OrganId><OrganId xmlns="">H2</OrganId></To>'),
  ],
  [
    'an envelope in an attachment alone',
    'envelope-missing',
    () => packet(`<AttachmentEncoded><Attachment>${envelope()}</Attachment></AttachmentEncoded>`),
  ],
  ['an envelope in an envelope alone', 'header-missing', () => packet(envelope(envelope()))],
  [
    'an envelope in a foreign element alone',
    'envelope-missing',
    () => packet(`<x:a xmlns:x="urn:x">${envelope()}</x:a>`),
  ],
  ['a header beside its envelope', 'header-missing', () => packet(`${header()}<edXMLEnvelope/>`)],
  ['a message beside its header', 'header-missing', () => packet(envelope(`${message()}<edXMLHeader/>`))],
  ['an edXML in an edXML', 'envelope-missing', () => packet(`<edXML>${envelope()}</edXML>`)],
  [
    'an attachment of 1 MB in the envelope',
    'token-too-long',
    () => packet(envelope(header() + attachment('QUJD'.repeat(262_144)))),
  ],
  [
    'an attachment of 70 KB in the envelope',
    'field-too-long',
    () => packet(envelope(header() + attachment('QUJD'.repeat(17_500)))),
  ],
  [
    'one element too deep in the header',
    'too-deep',
    () => packetWith(nested(defaultLimits.maxDepth - depthOfFields + 1)),
  ],
  [
    'one element too deep in front of the envelope',
    'too-deep',
    () => packetWith('', { beside: nested(defaultLimits.maxDepth) }),
  ],
  ['one attribute too many', 'too-many-attributes', () => packetWith(withAttributes(defaultLimits.maxAttributes + 1))],
  [
    'one attribute too many in front of the envelope',
    'too-many-attributes',
    () => packetWith('', { beside: `<A>${withAttributes(defaultLimits.maxAttributes + 1)}</A>` }),
  ],
  ['an attribute given twice, one letter a reference', 'not-well-formed', () => packetWith('<a b="1" b="&#49;"/>')],
  ['an attribute without a value', 'not-well-formed', () => packetWith('<a b/>')],
  ['an attribute without quotes', 'not-well-formed', () => packetWith('<a b=1/>')],
  ['an angle bracket in an attribute', 'not-well-formed', () => packetWith('<a b="<"/>')],
  ['the end of CDATA in a text', 'not-well-formed', () => packetWith('<Subject>]]></Subject>')],
  ['two dashes in a comment', 'not-well-formed', () => packetWith('<!-- a -- b -->')],
  ['an instruction called xml inside', 'not-well-formed', () => packetWith('<?xml version="1.0"?>')],
  ['an instruction without a name', 'not-well-formed', () => packetWith('<??>')],
  ['a declaration of XML 2.0', 'not-well-formed', () => packetWith('', { prolog: '<?xml version="2.0"?>' })],
  ['a document type in small letters', 'not-well-formed', () => packetWith('', { prolog: '<!doctype edXML>' })],
  ['an entity declared inside', 'not-well-formed', () => packetWith('<!ENTITY a "b">')],
  ['a conditional section', 'not-well-formed', () => packetWith('<![INCLUDE[<To/>]]>')],
  ['an end tag with attributes', 'not-well-formed', () => packetWith('<To></To a="b">')],
  ['an end tag of another prefix', 'not-well-formed', () => packetWith(`<x:To xmlns:x="${namespace102}"></To>`)],
  ['an end tag in another case', 'not-well-formed', () => packetWith('<To></to>')],
]

function withTrace(inside: string): Buffer {
  return packet(envelope(header(`${message()}<TraceHeaderList>${inside}</TraceHeaderList>`)))
}

function attachment(content: string): string {
  return `<AttachmentEncoded><Attachment><ContentTransferEncoded>${content}</ContentTransferEncoded>${forged}</Attachment></AttachmentEncoded>`
}

function recipients(bytes: Uint8Array): readonly string[] | undefined {
  return readingOf(bytes).header?.to.map(({ organId }) => organId)
}

describe('structures against the reader', () => {
  refuses(cases)

  it('may be nested and have attributes as far as allowed', () => {
    const { maxDepth, maxAttributes } = defaultLimits
    assert.equal(refusalOf(packetWith(nested(maxDepth - depthOfFields) + withAttributes(maxAttributes))), null)
    assert.equal(refusalOf(packetWith('', { beside: nested(maxDepth - 1) })), null)
  })

  it('of two envelopes have the first, and are refused when all is read', async () => {
    const two = packet(envelope() + envelope(header(message(forged))))
    assert.deepEqual(recipients(two), ['H26'])
    assert.equal((await packetRefusalOf(two))?.detail['why'], 'duplicate')
  })

  it('give no header whose envelope ends under another name', async () => {
    const crossed = Buffer.from(packet().toString().replace('</edXMLEnvelope>', '</edXMLEnveloppe>'))
    assert.equal(refusalOf(crossed)?.detail['why'], 'not-well-formed')
    const parts: unknown[] = []
    await assert.rejects(
      async () => {
        for await (const part of readPacket(crossed)) parts.push(part)
      },
      { code: 'NOT_EDXML' },
    )
    assert.deepEqual(parts, [])
  })

  it('take no recipient from anywhere but MessageHeader', () => {
    for (const [where, bytes] of [
      ['an attachment', packet(attachment('QQ==') + envelope())],
      ['an attachment in the envelope', packet(envelope(header() + attachment('QQ==')))],
      [
        'an envelope in an attachment',
        packet(`<AttachmentEncoded>${envelope(header(message(forged)))}</AttachmentEncoded>${envelope()}`),
      ],
      ['the envelope', packet(envelope(forged + header()))],
      ['the header', packet(envelope(header(forged + message())))],
      ['the body', packet(envelope(`${header()}<edXMLBody>${forged}</edXMLBody>`))],
      ['the trace', withTrace(forged)],
      ['another recipient', packetWith(`<To><OrganId>H1</OrganId>${forged}</To>`)],
      ['a field', packetWith(`<Subject>${forged}</Subject>`)],
      ['an unknown element', packetWith(`<a>${forged}</a>`)],
      ['a signature', packet(envelope(header(`${message()}<Signature>${forged}</Signature>`)))],
      ['a comment', packetWith(`<!-- ${forged} -->`)],
      ['CDATA', packetWith(`<Subject><![CDATA[${forged}]]></Subject>`)],
      ['an instruction', packetWith(`<?p ${forged} ?>`)],
      ['an attribute', packetWith(`<a b="${forged.replaceAll('<', '&lt;')}"/>`)],
      ['references', packetWith(`<Subject>${forged.replaceAll('<', '&lt;')}</Subject>`)],
    ] as const) {
      assert.ok(!recipients(bytes)?.includes('H99'), where)
    }
  })

  it('may have their body before their header', () => {
    const reference = '<edXMLManifest><Reference><ContentId>cid:1</ContentId></Reference></edXMLManifest>'
    const { header: read } = readingOf(packet(envelope(`<edXMLBody>${reference}</edXMLBody>${header()}`)))
    assert.deepEqual([read?.to.length, read?.references[0]?.contentId], [1, 'cid:1'])
  })

  it('may have instructions and comments wherever no field is cut by them', () => {
    const aside = '<?p <To>?><!-- <To> -->'
    const inside = `${aside}<edXMLHeader>${aside}${message(aside)}${aside}</edXMLHeader>${aside}`
    const { header: read, warnings } = readingOf(packetWith('', { prolog: aside }))
    assert.deepEqual([read?.to.length, warnings.map(({ code }) => code)], [1, ['PREFIX_MISSING']])
    assert.deepEqual(recipients(packet(`${aside}<edXMLEnvelope>${inside}</edXMLEnvelope>`)), ['H26'])
  })

  it('give fields back as they stand, line breaks and all: whoever shows them escapes them', () => {
    const text = 'a\r\nSet-Cookie: b\r\n\r\n<script>\u001b'.replace('\u001b', '\u009b31m\u202e')
    const written = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#13;')
    const { header: read } = readingOf(
      packetWith(`<Subject>${written}</Subject><To><OrganId>${written}</OrganId></To>`),
    )
    assert.deepEqual([read?.subject, read?.to[1]?.organId], [text, text])
  })

  it('are not held when an attachment of 100 MB stands in the envelope', async () => {
    async function* source(sample: () => void): AsyncIterable<Uint8Array> {
      yield Buffer.from(`<edXML xmlns="${namespace102}"><edXMLEnvelope><AttachmentEncoded><C>`)
      for (let sent = 0; sent < 100e6; sent += 65_536) {
        sample()
        yield Buffer.alloc(65_536, 'QUJD')
      }
    }
    const grown = await growth(async (sample) => {
      await assert.rejects(readHeader(source(sample)), { code: 'NOT_EDXML' })
    })
    assert.ok(grown < 8 * 1024 * 1024, `grew by ${grown}`)
  })
})
