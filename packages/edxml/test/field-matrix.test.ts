import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultLimits, type HeaderElement, openHeaderReader } from '../src/index.ts'
import {
  absence,
  amongStrangers,
  emptiness,
  holds,
  lost,
  type Outcome,
  outcomeOf,
  refused,
  taken,
} from './field-outcome.ts'
import {
  elements,
  groups,
  leaves,
  nameOf,
  packetAround,
  packetOf,
  parentOf,
  probeOf,
  sampleInside,
  samples,
  tagged,
} from './field-packets.ts'
import { placePaths, type Value, valuesAt } from './field-places.ts'
import { texts } from './field-texts.ts'
import { namespace102 } from './fixture.ts'

interface Case {
  readonly name: string
  readonly of: readonly HeaderElement[]
  readonly xml: (element: HeaderElement) => string
  readonly expected: (element: HeaderElement) => Outcome
}

const { maxFieldLength } = defaultLimits

/** The value of the sample, or of what is needed in every packet. */
function sampleValue(element: HeaderElement): Value {
  const leaf = probeOf(element)
  const text = sampleInside(leaf)
  return leaf.kind === 'number' ? Number(text) : leaf.kind === 'flag' ? text === 'true' : text
}

const inOrder = (element: HeaderElement): string => tagged(nameOf(element), sampleInside(element))
const asSample = (element: HeaderElement, ...warnings: readonly string[]): Outcome =>
  taken(element, [sampleValue(element)], ...warnings)
/** Where an element decides, nothing may be left to the reader; elsewhere it is told. */
const mixed = (element: HeaderElement, otherwise: Outcome): Outcome =>
  element.occurrence === 'decides' ? refused('mixed-content') : otherwise
const fieldMixed = ({ path }: HeaderElement): string => `FIELD_MIXED ${path}`
const unknown = (element: HeaderElement, name: string): string =>
  `ELEMENT_UNKNOWN ${parentOf(element) || containerOf(element)}/${name}`
const containerOf = (element: HeaderElement): string =>
  nameOf(element) === 'edXMLManifest' ? 'edXMLBody' : 'edXMLHeader'
const swapCase = (name: string): string =>
  [...name].map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join('')
const bare = (element: HeaderElement, declaration = ''): string =>
  `<${nameOf(element)}${declaration}>${sampleInside(element)}</${nameOf(element)}>`
const prefixed = (element: HeaderElement, uri: string): string =>
  `<x:${nameOf(element)} xmlns:x="${uri}">${sampleInside(element)}</x:${nameOf(element)}>`

function twice(element: HeaderElement): Outcome {
  const value = sampleValue(element)
  switch (element.occurrence) {
    case 'decides':
      return refused('duplicate')
    case 'once':
      return holdsWhatDecides(element) ? refused('duplicate') : asSample(element, `FIELD_REPEATED ${element.path}`)
    case 'many':
      return taken(element, [value, value])
  }
}

/** Whether the sample of a group holds an element that decides. */
function holdsWhatDecides(element: HeaderElement): boolean {
  const [first] = element.children.values()
  return first !== undefined && (first.occurrence === 'decides' || holdsWhatDecides(first))
}

/** A text of `length` characters, in form where the kind has one of that length. */
function long(element: HeaderElement, length: number, unit = 'x'): Outcome {
  if (element.kind !== 'number' || unit !== '7') return holds(element, { text: unit.repeat(length) })
  return holds(element, { text: '7'.repeat(length), ...(length < 10 ? { number: Number('7'.repeat(length)) } : {}) })
}

const limited = leaves.filter(({ maxLength }) => maxLength !== null)
const unitOf = ({ kind }: HeaderElement): string => (kind === 'number' ? '7' : 'x')

const cases: readonly Case[] = [
  { name: 'in order', of: elements, xml: inOrder, expected: (element) => asSample(element) },
  { name: 'absent', of: elements, xml: () => '', expected: (element) => lost(element, ...absence(element)) },
  ...['', ' ', '\n\t \r\n'].flatMap((nothing): readonly Case[] => [
    {
      name: `with ${JSON.stringify(nothing)} as its text`,
      of: leaves,
      xml: (element) => tagged(nameOf(element), nothing),
      expected: (element) => lost(element, ...emptiness(element)),
    },
    {
      name: `with ${JSON.stringify(nothing)} instead of children`,
      of: groups.filter(({ path }) => path !== 'MessageHeader'),
      xml: (element) => tagged(nameOf(element), nothing),
      expected: (element) => lost(element, ...[...element.children.values()].flatMap(absence)),
    },
  ]),
  {
    name: 'between white space',
    of: elements,
    xml: (element) => tagged(nameOf(element), `\r\n\t ${sampleInside(element)} \n`),
    expected: (element) => asSample(element),
  },
  { name: 'twice', of: elements, xml: (element) => inOrder(element).repeat(2), expected: twice },
  {
    name: 'as long as allowed',
    of: limited,
    xml: (element) => tagged(nameOf(element), unitOf(element).repeat(element.maxLength ?? 0)),
    expected: (element) => long(element, element.maxLength ?? 0, unitOf(element)),
  },
  {
    name: 'one character too long',
    of: limited,
    xml: (element) => tagged(nameOf(element), unitOf(element).repeat((element.maxLength ?? 0) + 1)),
    expected: (element) => long(element, (element.maxLength ?? 0) + 1, unitOf(element)),
  },
  {
    name: 'as long as allowed in characters, not in units',
    of: limited,
    xml: (element) => tagged(nameOf(element), '\u{1f3db}'.repeat(element.maxLength ?? 0)),
    expected: (element) => long(element, element.maxLength ?? 0, '\u{1f3db}'),
  },
  ...[10_000, maxFieldLength].map(
    (length): Case => ({
      name: `of ${length} characters`,
      of: leaves,
      xml: (element) => tagged(nameOf(element), 'x'.repeat(length)),
      expected: (element) => long(element, length),
    }),
  ),
  {
    name: `of ${maxFieldLength + 1} characters`,
    of: elements,
    xml: (element) => tagged(nameOf(element), 'x'.repeat(maxFieldLength + 1)),
    expected: () => refused('field-too-long'),
  },
  ...texts.map(
    (said): Case => ({
      name: `holding ${JSON.stringify(said.text)}`,
      of: leaves,
      xml: (element) => tagged(nameOf(element), said.text),
      expected: (element) => holds(element, said),
    }),
  ),
  {
    name: 'of letters instead of children',
    of: groups.filter(({ path }) => path !== 'MessageHeader'),
    xml: (element) => tagged(nameOf(element), 'G01'),
    expected: (element) => lost(element, ...[...element.children.values()].flatMap(absence)),
  },
  {
    name: 'in the wrong case',
    of: elements,
    xml: (element) => tagged(swapCase(nameOf(element)), sampleInside(element)),
    expected: (element) => lost(element, ...absence(element), unknown(element, swapCase(nameOf(element)))),
  },
  {
    name: 'in a foreign namespace',
    of: elements,
    xml: (element) => prefixed(element, 'urn:x'),
    expected: (element) => lost(element, ...absence(element), unknown(element, nameOf(element))),
  },
  {
    name: 'in the namespace of 2015',
    of: elements,
    xml: (element) => prefixed(element, 'http://www.e-doc.vn/Schema/'),
    expected: (element) => asSample(element),
  },
  {
    name: 'with another prefix of the same namespace',
    of: elements,
    xml: (element) => prefixed(element, namespace102),
    expected: (element) => asSample(element),
  },
  {
    name: 'without a prefix',
    of: elements,
    xml: (element) => bare(element),
    expected: (element) => asSample(element, `PREFIX_MISSING ${nameOf(element)}`),
  },
  {
    name: 'without a namespace',
    of: elements,
    xml: (element) => bare(element, ' xmlns=""'),
    expected: (element) => asSample(element, `PREFIX_MISSING ${nameOf(element)}`),
  },
  {
    name: 'with attributes',
    of: elements,
    xml: (element) =>
      inOrder(element).replace('>', ' version="1.0" constructor="x" __proto__="y" xmlns:p="urn:p" p:__proto__="z">'),
    expected: (element) => asSample(element),
  },
  {
    name: 'as CDATA',
    of: leaves,
    xml: (element) => tagged(nameOf(element), `<![CDATA[${sampleInside(element)}]]>`),
    expected: (element) => asSample(element),
  },
  {
    name: 'as CDATA and text by turns',
    of: leaves,
    xml: (element) => tagged(nameOf(element), `<![CDATA[7]]>7<![CDATA[]]><![CDATA[7]]>`),
    expected: (element) => holds(element, { text: '777', number: 777 }),
  },
  {
    name: 'as CDATA with markup',
    of: leaves,
    xml: (element) => tagged(nameOf(element), '<![CDATA[<b>&amp;</b><!-- ]] > -->]]>'),
    expected: (element) => holds(element, { text: '<b>&amp;</b><!-- ]] > -->' }),
  },
  {
    name: 'with references to characters',
    of: leaves,
    xml: (element) => tagged(nameOf(element), '&#55;&#x37;'),
    expected: (element) => holds(element, { text: '77', number: 77 }),
  },
  {
    name: 'with XML’s own entities and a character beyond the first plane',
    of: leaves,
    xml: (element) => tagged(nameOf(element), '&lt;&gt;&amp;&apos;&quot;&#x1F3DB;'),
    expected: (element) => holds(element, { text: '<>&\'"\u{1f3db}' }),
  },
  {
    name: 'with line breaks, written and referred to',
    of: leaves,
    xml: (element) => tagged(nameOf(element), 'a\r\nb&#13;&#10;c'),
    expected: (element) => holds(element, { text: 'a\nb\r\nc' }),
  },
  ...[
    '<!-- c -->',
    '<?p q?>',
    '<edXML:b>8</edXML:b>',
    '<x:b xmlns:x="urn:x"/>',
    '<edXML:OrganId>H1</edXML:OrganId>',
  ].map(
    (inside): Case => ({
      name: `with ${inside} in its text`,
      of: leaves,
      xml: (element) => tagged(nameOf(element), `7${inside}7`),
      expected: (element) => mixed(element, holds(element, { text: '77', number: 77 }, fieldMixed(element))),
    }),
  ),
  ...['<!-- c -->', '<?p q?>', 'words', '<![CDATA[words]]>', '<x:b xmlns:x="urn:x">8</x:b>'].map(
    (inside): Case => ({
      name: `with ${inside} beside its children`,
      of: groups,
      xml: (element) => tagged(nameOf(element), `${inside}${sampleInside(element)}${inside}`),
      expected: (element) => asSample(element),
    }),
  ),
  {
    name: 'with the text one element deeper',
    of: leaves,
    xml: (element) => tagged(nameOf(element), inOrder(element)),
    expected: (element) => mixed(element, lost(element, ...emptiness(element), fieldMixed(element))),
  },
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', '_', 'text', 'children', 'get'].map(
    (name): Case => ({
      name: `with an element named ${name} beside its children`,
      of: groups,
      xml: (element) => tagged(nameOf(element), `<edXML:${name}>8</edXML:${name}>${sampleInside(element)}`),
      expected: (element) => asSample(element, `ELEMENT_UNKNOWN ${element.path}/${name}`),
    }),
  ),
]

describe('every element of the header', () => {
  for (const { name, of, xml, expected } of cases) {
    it(name, () => {
      for (const element of of) {
        const outcome = outcomeOf(packetAround(element, xml(element)))
        assert.deepEqual(outcome, amongStrangers(element, expected(element)), element.path)
      }
    })
  }

  it('has its place in the typed header when it is a leaf, and every place has its element', () => {
    assert.deepEqual(placePaths.toSorted(), leaves.map(({ path }) => path).toSorted())
  })

  it('comes out at its place and nowhere else', () => {
    const marks = new Map(leaves.map(({ path, kind }, at) => [path, kind === 'flag' ? 'true' : String(1000 + at)]))
    for (const status of [false, true]) {
      // A status packet has no recipients of its own.
      const absent = status ? 'MessageHeader/To/' : 'MessageHeader/StatusCode'
      const paths = leaves.map(({ path }) => path).filter((path) => !path.startsWith(absent))
      const reader = openHeaderReader()
      reader.write(
        packetOf(
          ({ path, kind }) =>
            kind === 'group' ? null : tagged(path.slice(path.lastIndexOf('/') + 1), marks.get(path) ?? ''),
          paths,
        ),
      )
      const { kind, ...header } = reader.end()
      assert.equal(kind, status ? 'status' : 'document')
      const found = leafValues(header).map(String)
      assert.deepEqual(found.toSorted(), paths.map((path) => marks.get(path) ?? '').toSorted())
      for (const path of paths) assert.equal(String(valuesAt({ kind, ...header }, path)), marks.get(path), path)
    }
  })

  it('has a kind for which there is a sample', () => {
    assert.deepEqual(new Set(leaves.map(({ kind }) => kind)), new Set(Object.keys(samples)))
  })
})

/** Everything in a structure that is no structure, nulls left out. */
function leafValues(value: unknown): readonly unknown[] {
  if (typeof value !== 'object') return [value]
  return value === null ? [] : Object.values(value).flatMap(leafValues)
}
