/** Two readings must agree: ours finds what hides from the library, even where the gate is left out. */
import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { DOMParser, type Element } from '@xmldom/xmldom'
import fc from 'fast-check'
import { XmlDsigC14NTransform, XmlDsigExcC14NTransform } from 'xmldsigjs'
import type { Profile } from '../src/index.ts'
import { canonicalize } from '../src/signature/canonical.ts'
import { findSignatures, passGate, type UnverifiedSigned } from '../src/signature/gate.ts'
import type { Canonicalization } from '../src/signature/names.ts'
import { checkSignedInfo, compareContent, digestedOctets } from '../src/signature/own-check.ts'
import { rulesOf } from '../src/signature/rules.ts'
import { readSignature } from '../src/signature/signature-parts.ts'
import { readStrictXml } from '../src/signature/strict-xml.ts'
import { libraryVerifies } from '../src/signature/xmldsig-library.ts'
import { fixture } from './fixture.ts'
import { letter, marked, namespace, pemOf, rsaKeys, signed } from './signature-kit.ts'

/** As the gate would, but deaf to what the strict pass found. */
function ungated(text: string, profile: Profile): UnverifiedSigned {
  const rules = rulesOf(profile)
  const xml = readStrictXml(Buffer.from(text), rules)
  assert.notEqual(xml.offence, null)
  const [found] = findSignatures(xml.nodes)
  assert.ok(found !== undefined)
  const target = { open: 0, close: xml.nodes.length - 1 }
  return { xml, target, signature: found.range, parts: readSignature(xml.nodes, found.range, rules) }
}

const trusted = createPublicKey(fixture('xmldsig-attacks/trusted-pub.pem'))
const own = createPublicKey(pemOf(rsaKeys))
const corpus = (name: string): string => fixture(`xmldsig-attacks/${name}.xml`).toString()
const version = 'version="1.0"/>'

const hidden = [
  ['an attribute in a namespace', 'generic', corpus('A16-hide-attribute-in-ns-uri'), trusted],
  ['elements in a namespace', 'generic', corpus('A18-delete-sibling-items'), trusted],
  ['a prefixed attribute', 'generic', corpus('A17-inject-prefixed-attr'), trusted],
  [
    'an attribute of the packet',
    'edxml',
    signed(marked()).replace(version, `version="1.0" xmlns:pxmlns="${namespace}" pxmlns:version="9"/>`),
    own,
  ],
] as const

describe('our own check', () => {
  for (const [name, profile, text, key] of hidden) {
    it(`finds ${name} that the library does not see`, async () => {
      await libraryVerifies(text, key, 'rsa-sha256')
      assert.throws(() => digestedOctets(ungated(text, profile)), { code: 'SIGNATURE_INVALID' })
    })
  }

  it('knows when its octets read differently from the packet', () => {
    const rules = rulesOf('edxml')
    const signedPacket = ungated(signed(marked()).replace('H26.10', 'H26<!-- -->.10'), 'edxml')
    const octets = digestedOctets(signedPacket)
    compareContent(octets, signedPacket, rules)
    for (const [search, value] of [
      ['H26.10', 'H26.11'],
      ['edXML:To>', 'edXML:Cc>'],
      ['version="1.0"', 'version="1.1"'],
      ['version="1.0"', ''],
      ['<edXML:edXMLBody>', '<edXML:edXMLBody>x'],
    ] as const) {
      const others = Buffer.from(octets.toString().replaceAll(search, value))
      assert.throws(() => compareContent(others, signedPacket, rules), { code: 'SIGNATURE_CONTENT_HIDDEN' }, search)
    }
  })
})

describe('each of the two checks', () => {
  it('refuses another signer, and a signature of something else, by itself', async () => {
    const packet = signed(marked())
    const strangers = signed(marked(), { keys: generateKeyPairSync('rsa', { modulusLength: 2048 }) })
    const moved = packet.replace(
      /<ds:SignatureValue>[^<]*/,
      () => /<ds:SignatureValue>[^<]*/.exec(signed(marked(letter('G01'))))?.[0] ?? '',
    )
    for (const text of [strangers, moved]) {
      const gated = passGate(Buffer.from(text), rulesOf('edxml'))
      assert.throws(() => checkSignedInfo(gated, own), { code: 'SIGNATURE_INVALID' })
      await assert.rejects(libraryVerifies(text, own, 'rsa-sha256'), { code: 'SIGNATURE_INVALID' })
    }
    checkSignedInfo(passGate(Buffer.from(packet), rulesOf('edxml')), own)
    await libraryVerifies(packet, own, 'rsa-sha256')
  })

  it('refuses changed content by itself', async () => {
    const changed = signed(marked()).replace('H26.10', 'H26.11')
    assert.throws(() => digestedOctets(passGate(Buffer.from(changed), rulesOf('edxml'))), { code: 'SIGNATURE_INVALID' })
    await assert.rejects(libraryVerifies(changed, own, 'rsa-sha256'), { code: 'SIGNATURE_INVALID' })
  })
})

describe('canonical form', () => {
  const vectors: readonly (readonly [method: Canonicalization, input: string, output: string])[] = [
    ['exc-c14n', '<?xml version="1.0"?>\n<a  b = \'1\'\n/>\n', '<a b="1"></a>'],
    ['exc-c14n', '<a c="3" b="2"/>', '<a b="2" c="3"></a>'],
    ['exc-c14n', '<a>&#60;&gt;&amp;"\'&#13;\r\n\t</a>', '<a>&lt;&gt;&amp;"\'&#xD;\n\t</a>'],
    ['exc-c14n', '<a b="&lt;>&amp;&quot;\'&#9;&#10;&#13;\t"/>', '<a b="&lt;>&amp;&quot;\'&#x9;&#xA;&#xD; "></a>'],
    [
      'exc-c14n',
      '<a xmlns:x="urn:x"><x:b/><x:b/></a>',
      '<a><x:b xmlns:x="urn:x"></x:b><x:b xmlns:x="urn:x"></x:b></a>',
    ],
    ['c14n', '<a xmlns:x="urn:x"><x:b/></a>', '<a xmlns:x="urn:x"><x:b></x:b></a>'],
    ['exc-c14n', '<a xmlns="urn:x"><b xmlns=""><c xmlns=""/></b></a>', '<a xmlns="urn:x"><b xmlns=""><c></c></b></a>'],
    ['c14n', '<a xmlns="urn:x"><b xmlns="urn:x"/></a>', '<a xmlns="urn:x"><b></b></a>'],
    [
      'exc-c14n',
      '<a xmlns:z="urn:a" xmlns:y="urn:b" y:q="1" z:q="2" q="3"/>',
      '<a xmlns:y="urn:b" xmlns:z="urn:a" q="3" z:q="2" y:q="1"></a>',
    ],
    ['c14n', '<a xmlns:x="urn:&quot;x&lt;"/>', '<a xmlns:x="urn:&quot;x&lt;"></a>'],
  ]
  for (const [method, input, output] of vectors) {
    it(`${method} of ${JSON.stringify(input)}`, () => assert.equal(ours(input, method), output))
  }

  it('is the library’s on ordinary documents', () => {
    fc.assert(
      fc.property(element(3), fc.constantFrom('exc-c14n' as const, 'c14n' as const), (text, method) => {
        assert.equal(ours(text, method), theirs(text, method))
      }),
      { numRuns: 150 },
    )
  })
})

function ours(text: string, method: Canonicalization): string {
  const { nodes } = readStrictXml(Buffer.from(text), rulesOf('generic'))
  return canonicalize(nodes, { method, of: { open: 0, close: nodes.length - 1 } })
}

function theirs(text: string, method: Canonicalization): string {
  const transform = method === 'c14n' ? new XmlDsigC14NTransform() : new XmlDsigExcC14NTransform()
  transform.LoadInnerXml(new DOMParser().parseFromString(text, 'application/xml').documentElement as Element)
  return String(transform.GetOutput())
}

/** Documents in two vocabularies with and without prefix, declared anew here and there. */
function element(depth: number): fc.Arbitrary<string> {
  const text = fc.constantFrom('', 'a', 'Việt', '&lt;&amp;', ' \n ', '𠀋')
  const child = depth === 0 ? text : fc.oneof(text, element(depth - 1))
  return fc
    .record({
      prefix: fc.constantFrom('', 'x:', 'y:'),
      local: fc.constantFrom('A', 'b'),
      attributes: fc.subarray([' c="1"', ' x:c="&quot;2"', ' y:a="3"', ' b="&lt;"', ' Id="&#9;"']),
      again: fc.subarray([' xmlns:x="urn:x"', ' xmlns:y="urn:y"', ' xmlns="urn:x"']),
      children: fc.array(child, { maxLength: 3 }),
    })
    .map(({ prefix, local, attributes, again, children }) => {
      const declarations = depth === 3 ? ' xmlns:x="urn:x" xmlns:y="urn:y" xmlns="urn:x"' : again.join('')
      const name = prefix + local
      return `<${name}${attributes.join('')}${declarations}>${children.join('')}</${name}>`
    })
}
