import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { packetWith } from './fixture.ts'
import { assertRefused, type HostileCase, readingOf, refuses } from './hostile-kit.ts'

const vietnamese = 'Về việc Ủy ban nhân dân tỉnh'
const whole = (prolog = ''): string => packetWith(`<Subject>${vietnamese}</Subject>`, { prolog }).toString()
const declared = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>`

/** Bytes in place of the subject. */
function withBytes(...bytes: readonly number[]): Buffer {
  const [head = '', tail = ''] = packetWith('<Subject>|</Subject>').toString().split('|')
  return Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from(tail)])
}

function bigEndian(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

function utf32(text: string): Buffer {
  return Buffer.concat([...text].map((letter) => Buffer.from([letter.codePointAt(0) ?? 0, 0, 0, 0])))
}

const cases: readonly HostileCase[] = [
  // Announced as what they are
  ['windows-1258, announced', 'encoding', () => Buffer.from(whole(declared('windows-1258')))],
  ['ISO-8859-1, announced', 'encoding', () => Buffer.from(whole(declared('ISO-8859-1')))],
  ['UTF-7, announced', 'encoding', () => Buffer.from(whole(declared('utf-7')))],
  ['TCVN-5712, announced', 'encoding', () => Buffer.from(whole(declared('TCVN-5712')))],
  ['an encoding that inherits', 'encoding', () => Buffer.from(whole(declared('constructor')))],
  // Not announced: 0xd5 is a letter in windows-1258, and the half of one in UTF-8
  ['windows-1258, unannounced', 'not-utf8', () => withBytes(0x56, 0xea, 0xd2, 0x20, 0x76, 0x69, 0xea, 0xf2, 0x63)],
  ['Latin-1, unannounced', 'not-utf8', () => withBytes(0x43, 0xf4, 0x6e, 0x67)],
  [
    'windows-1258 called UTF-8',
    'not-utf8',
    () => Buffer.concat([Buffer.from(declared('utf-8')), withBytes(0x56, 0xea, 0x63)]),
  ],
  ['UTF-16 with a byte order mark', 'not-well-formed', () => Buffer.from(`\ufeff${whole()}`, 'utf16le')],
  ['UTF-16 without', 'not-well-formed', () => Buffer.from(whole(), 'utf16le')],
  ['UTF-16, the other order, with a byte order mark', 'not-well-formed', () => bigEndian(`\ufeff${whole()}`)],
  ['UTF-16, the other order, without', 'not-well-formed', () => bigEndian(whole())],
  ['UTF-32', 'not-well-formed', () => utf32(whole())],
  ['UTF-7', 'not-xml', () => Buffer.from(`+ADw-edXML+AD4-${' '.repeat(2000)}`)],
  // Malformed UTF-8
  ['a byte that never occurs', 'not-utf8', () => withBytes(0xff)],
  ['a letter that goes on', 'not-utf8', () => withBytes(0x80)],
  ['half a letter before a tag', 'not-utf8', () => withBytes(0xe1, 0xbb)],
  ['an overlong null', 'not-utf8', () => withBytes(0xc0, 0x80)],
  ['an overlong tag', 'not-utf8', () => withBytes(0xe0, 0x80, 0xbc, 0x62, 0x2f, 0x3e)],
  ['a surrogate', 'not-utf8', () => withBytes(0xed, 0xa0, 0x80)],
  ['a pair of surrogates', 'not-utf8', () => withBytes(0xed, 0xa0, 0xbc, 0xed, 0xbf, 0x9b)],
  ['a character beyond the last', 'not-utf8', () => withBytes(0xf4, 0x90, 0x80, 0x80)],
  ['five bytes for one letter', 'not-utf8', () => withBytes(0xf8, 0x88, 0x80, 0x80, 0x80)],
  // Characters XML does not have
  ...[0x00, 0x01, 0x08, 0x0b, 0x0c, 0x1f].map(
    (byte): HostileCase => [`the control 0x${byte.toString(16)}`, 'not-well-formed', () => withBytes(byte)],
  ),
  ['the non-character U+FFFE', 'not-well-formed', () => withBytes(0xef, 0xbf, 0xbe)],
  ['the non-character U+FFFF', 'not-well-formed', () => withBytes(0xef, 0xbf, 0xbf)],
  ['a null in a name', 'not-well-formed', () => packetWith('<To\0/>')],
  ['a null in an attribute', 'not-well-formed', () => packetWith('<To a="\0"/>')],
  ['a null in a comment', 'not-well-formed', () => packetWith('<!--\0-->')],
  ['a null in CDATA', 'not-well-formed', () => packetWith('<Subject><![CDATA[\0]]></Subject>')],
  ['a null behind the first tag', 'not-well-formed', () => Buffer.from('<edXML>\0</edXML>')],
  // And references to them
  ...[
    '&#0;',
    '&#x0;',
    '&#1;',
    '&#xB;',
    '&#xD800;',
    '&#xDFFF;',
    '&#xFFFE;',
    '&#xFFFF;',
    '&#x110000;',
    '&#xFFFFFFFFFF;',
  ].map(
    (reference): HostileCase => [
      `a reference ${reference}`,
      'not-well-formed',
      () => packetWith(`<Subject>${reference}</Subject>`),
    ],
  ),
  ...['&#;', '&#x;', '&#xG;', '&#-1;', '&# 65;', '&#X41;', '&;', '& ', '&amp', '&AMP;', '&nbsp;', '&#1e5;', '&#65'].map(
    (reference): HostileCase => [
      `a reference malformed as ${reference}`,
      'not-well-formed',
      () => packetWith(`<Subject>${reference}</Subject>`),
    ],
  ),
  [
    'a reference of 100,000 digits',
    'not-well-formed',
    () => packetWith(`<Subject>&#${'9'.repeat(100_000)};</Subject>`),
  ],
  ['an unknown entity in an attribute', 'not-well-formed', () => packetWith('<To a="&x;"/>')],
  ['a null reference in an attribute', 'not-well-formed', () => packetWith('<To a="&#0;"/>')],
]

describe('encodings against the reader', () => {
  refuses(cases)

  it('are UTF-8 under whatever name UTF-8 goes by', () => {
    for (const name of ['utf-8', 'UTF-8', 'Utf8', 'utf-16', 'US-ASCII']) {
      assert.equal(readingOf(Buffer.from(whole(declared(name)))).header?.subject, vietnamese, name)
    }
  })

  it('may announce themselves by a byte order mark, once; later ones are text', () => {
    const { header, warnings, error } = readingOf(Buffer.from(`\ufeff${whole(declared('utf-8'))}`))
    assert.deepEqual([error, header?.subject, warnings.map(({ code }) => code)], [null, vietnamese, ['PREFIX_MISSING']])
    const inside = readingOf(withBytes(0xef, 0xbb, 0xbf, 0x61))
    assert.equal(inside.header?.subject, '\ufeffa')
    assert.ok(inside.warnings.some(({ code }) => code === 'FIELD_ODD_CHARACTERS'))
  })

  it('keep what another encoding has made of a text', () => {
    const twice = Buffer.from(Buffer.from(vietnamese).toString('latin1'))
    assert.equal(readingOf(withBytes(...twice)).header?.subject, twice.toString())
  })

  it('are judged alike wherever a letter is cut, and never behind the envelope', async () => {
    const bad = withBytes(0xe1, 0xbb)
    for (const chunkBytes of [1, 2, 3]) assert.equal(readingOf(bad, chunkBytes).error?.detail['why'], 'not-utf8')
    const behind = Buffer.concat([packetWith(''), Buffer.from([0xff, 0xfe, 0x00])])
    assert.equal(readingOf(behind).error, null)
    await assert.rejects(assertRefused(behind, 'not-utf8'))
  })

  it('refer to characters of every plane', () => {
    const { header } = readingOf(
      packetWith('<Subject>&#x10FFFF;&#x1F3DB;&#55357;'.replace('&#55357;', '&#x9;z</Subject>')),
    )
    assert.equal(header?.subject, '\u{10ffff}\u{1f3db}\tz')
  })
})
