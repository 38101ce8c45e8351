/** Damage done to packets, drawn by fast-check. */
import fc from 'fast-check'

export type Mutation =
  | { readonly kind: 'set'; readonly at: number; readonly byte: number }
  | { readonly kind: 'delete'; readonly at: number; readonly length: number }
  | { readonly kind: 'duplicate'; readonly at: number; readonly length: number; readonly to: number }
  | { readonly kind: 'insert'; readonly at: number; readonly token: number }
  | { readonly kind: 'exchange'; readonly one: number; readonly other: number }
  | { readonly kind: 'truncate'; readonly at: number }
  | { readonly kind: 'splice'; readonly at: number; readonly from: number; readonly packet: number }

const tokens: readonly Buffer[] = [
  ...[
    '<!DOCTYPE',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '<!ENTITY a "b">',
    ']]>',
    '<![CDATA[',
    '<!--',
    '-->',
    '--',
    '<?',
    '?>',
  ],
  ...['<?p q?>', '<?xml version="1.0"?>', '<?xml version="1.1" encoding="utf-16"?>', '<!-- c -->', '<![CDATA[7]]>'],
  ...['&#0;', '&#65;', '&#xD800;', '&#x1F3DB;', '&#x110000;', '&lt;', '&amp;', '&b;', '&', ';', '&#'],
  ...['<', '>', '/>', '</', '"', "'", '=', ':', '/', ' ', '\n', '\r', '\t', '\0', '\u0001'],
  ...[
    'xmlns:',
    ' xmlns=""',
    ' xmlns="urn:x"',
    ' xmlns:edXML="urn:x"',
    ' xmlns:x="urn:x"',
    '<x:',
    ' a="b"',
    ' a="b" a="c"',
  ],
  ...['__proto__', 'constructor', 'then', '<__proto__>', '</__proto__>', '<edXML:__proto__/>', ' __proto__="x"'],
  ...['<edXML:To>', '</edXML:To>', '<edXML:OrganId>', '</edXML:OrganId>', '<edXML:OrganId>H1</edXML:OrganId>', '<To/>'],
  ...['<edXML:MessageHeader>', '</edXML:MessageHeader>', '<edXML:edXMLEnvelope>', '</edXML:edXMLEnvelope>', '</edXML>'],
  ...[
    '<AttachmentEncoded>',
    '</AttachmentEncoded>',
    '<Attachment>',
    '</Attachment>',
    '<AttachmentName>a</AttachmentName>',
  ],
  ...['<ContentTransferEncoded>', '</ContentTransferEncoded>', '====', 'UEsDBBQACAgIA', 'PK\u0003\u0004', '!'],
  ...['\ufeff', '\u202e', '\u0085', '\u2028', 'e\u0301', 'ệ', '\u{1f3db}', '1212', '%PDF-1.4'],
  ...['x'.repeat(70_000), `<${'n'.repeat(70_000)}>`, `<a ${'b'.repeat(70_000)}="">`, `<a b="${'c'.repeat(70_000)}">`],
  ...['<a>'.repeat(70), '<To/>'.repeat(200), `<a ${Array.from({ length: 70 }, (_, i) => `a${i}=""`).join(' ')}>`],
].map((token) => Buffer.from(token))

const badBytes: readonly Buffer[] = [
  [0xff],
  [0x80],
  [0xc0, 0xaf],
  [0xe1, 0xbb],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
].map((bytes) => Buffer.from(bytes))

export const dictionary: readonly Buffer[] = [...tokens, ...badBytes]

/** A place in any packet: taken modulo its length. */
const place = fc.nat(0xffffff)
const length = fc.oneof({ weight: 4, arbitrary: fc.integer({ min: 1, max: 40 }) }, fc.integer({ min: 1, max: 3000 }))
const byte = fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('<>&;"\'=/!?[]-:# \n')))

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('set' as const), at: place, byte }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), at: place, length }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('duplicate' as const), at: place, length, to: place }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('insert' as const), at: place, token: fc.nat(dictionary.length - 1) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('exchange' as const), one: place, other: place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('truncate' as const), at: place }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('splice' as const), at: place, from: place, packet: fc.nat(63) }),
  },
)

export interface Damage {
  /** Which packet, modulo how many there are. */
  readonly packet: number
  readonly mutations: readonly Mutation[]
  /** Sizes of the chunks it is cut into, over and over. */
  readonly cuts: readonly number[]
}

export const damage: fc.Arbitrary<Damage> = fc.record({
  packet: fc.nat(63),
  mutations: fc.array(mutation, { minLength: 1, maxLength: 5 }),
  cuts: fc.array(fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 900 })), {
    minLength: 1,
    maxLength: 6,
  }),
})

export function damaged(packets: readonly Buffer[], { packet, mutations }: Damage): Buffer {
  const whole = packets[packet % packets.length] ?? Buffer.alloc(0)
  return mutations.reduce((bytes, change) => mutated(bytes, change, packets), whole)
}

function mutated(bytes: Buffer, change: Mutation, packets: readonly Buffer[]): Buffer {
  const at = (place: number): number => place % (bytes.length + 1)
  switch (change.kind) {
    case 'set': {
      const copy = Buffer.from(bytes)
      if (copy.length > 0) copy[change.at % copy.length] = change.byte
      return copy
    }
    case 'delete':
      return Buffer.concat([bytes.subarray(0, at(change.at)), bytes.subarray(at(change.at) + change.length)])
    case 'duplicate':
      return inserted(bytes, at(change.to), bytes.subarray(at(change.at), at(change.at) + change.length))
    case 'insert':
      return inserted(bytes, insertionPoint(bytes, at(change.at)), dictionary[change.token] ?? Buffer.alloc(0))
    case 'exchange':
      return exchanged(bytes, change.one, change.other)
    case 'truncate':
      return bytes.subarray(0, at(change.at))
    case 'splice': {
      const other = packets[change.packet % packets.length] ?? bytes
      return Buffer.concat([bytes.subarray(0, at(change.at)), other.subarray(change.from % (other.length + 1))])
    }
  }
}

function inserted(bytes: Buffer, at: number, piece: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
}

/** Every other insertion goes to the next edge of a tag, where it stands some chance of meaning something. */
function insertionPoint(bytes: Buffer, at: number): number {
  if (at % 2 === 0) return at
  const edge = bytes.indexOf(at % 4 === 1 ? 0x3e : 0x3c, at)
  return edge < 0 ? at : at % 4 === 1 ? edge + 1 : edge
}

/** Two elements that hold nothing but text change places. */
function exchanged(bytes: Buffer, one: number, other: number): Buffer {
  const text = bytes.toString('latin1')
  const leaves = [...text.matchAll(/<([\w:]{1,40})(?: [^<>]{0,99})?>[^<>]{0,999}<\/\1>/g)].map(
    (match) => [match.index, match[0]] as const,
  )
  if (leaves.length < 2) return bytes
  const [first, second] = [leaves[one % leaves.length], leaves[other % leaves.length]].toSorted(
    (a, b) => (a?.[0] ?? 0) - (b?.[0] ?? 0),
  )
  if (first === undefined || second === undefined || first[0] === second[0]) return bytes
  const between = text.slice(first[0] + first[1].length, second[0])
  return Buffer.from(
    text.slice(0, first[0]) + second[1] + between + first[1] + text.slice(second[0] + second[1].length),
    'latin1',
  )
}

/** The bytes in chunks of these sizes, over and over; of multiples of them when there are many bytes. */
export function* cutInto(bytes: Uint8Array, sizes: readonly number[]): Iterable<Uint8Array> {
  const times = Math.ceil(bytes.length / 8192)
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = (sizes[turn % sizes.length] ?? bytes.length) * times
    yield bytes.subarray(at, at + size)
    at += size
  }
}
