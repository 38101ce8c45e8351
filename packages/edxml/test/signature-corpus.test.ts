import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { SignaturePolicy } from '../src/index.ts'
import { verifySignature } from '../src/index.ts'
import { fixture } from './fixture.ts'
import { refusalOf } from './signature-kit.ts'

const folder = 'xmldsig-attacks'
const namespaces = ['urn:edxml', 'urn:a', 'urn:xsi']

/** Refused by the default policy with this code. */
const codes: Readonly<Record<string, string>> = {
  'A1-attacker-key-in-keyinfo': 'SIGNATURE_KEY_UNKNOWN',
  'A2-xsw-object': 'SIGNATURE_SHAPE',
  'A3-xsw-sibling': 'SIGNATURE_REFERENCE',
  'A4-xsw-new-root': 'SIGNATURE_NAMESPACE',
  'A5-second-signature-unsigned-data': 'SIGNATURE_REPEATED',
  'A5b-object-in-own-signature': 'SIGNATURE_SHAPE',
  'A9-rsa-sha1': 'SIGNATURE_ALGORITHM',
  'A11-external-uri': 'SIGNATURE_REFERENCE',
  'A14-comment-split': 'SIGNATURE_COMMENT',
  'A15-doctype': 'NOT_EDXML',
  'A16-hide-attribute-in-ns-uri': 'SIGNATURE_CONTENT_HIDDEN',
  'A17-inject-prefixed-attr': 'SIGNATURE_CONTENT_HIDDEN',
  'A18-delete-sibling-items': 'SIGNATURE_CONTENT_HIDDEN',
  'valid-by-id': 'SIGNATURE_REFERENCE',
}

const rows = fixture(`${folder}/expected.tsv`)
  .toString()
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))

function optionsFor(name: string, policy: SignaturePolicy = {}) {
  const trusted = fixture(`${folder}/${name === 'A9-rsa-sha1' ? 'sha1-pub.pem' : 'trusted-pub.pem'}`).toString()
  return { profile: 'generic', trusted, policy: { namespaces, ...policy } } as const
}

const byText = (left: string, right: string): number => (left < right ? -1 : 1)
const packet = (name: string): Buffer => fixture(`${folder}/${name}.xml`)

describe('the corpus of attacks on XML signatures', () => {
  it('is complete', () => {
    const files = readdirSync(new URL(`../../test/fixtures/${folder}`, import.meta.url))
    const documents = files.filter((name) => name.endsWith('.xml')).map((name) => name.replace('.xml', ''))
    assert.deepEqual(documents.toSorted(byText), rows.map(([name = '']) => name).toSorted(byText))
  })

  for (const [name = '', expected] of rows) {
    if (expected === 'accept') {
      it(`${name} verifies`, async () => {
        const { bytes } = await verifySignature(packet(name), optionsFor(name))
        assert.match(
          Buffer.from(bytes).toString(),
          /^<edXML xmlns="urn:edxml"><Envelope .*<\/Item><\/Envelope><\/edXML>$/,
        )
      })
    } else {
      it(`${name} is refused: ${codes[name]}`, async () => {
        const refusal = await refusalOf(packet(name), optionsFor(name))
        assert.equal(refusal?.code, codes[name])
      })
    }
  }

  it('has the same outcomes when no namespace is named', async () => {
    const { namespaces: _named, ...open } = optionsFor('valid-enveloped-exc').policy
    for (const [name = '', expected] of rows) {
      const refusal = await refusalOf(packet(name), { ...optionsFor(name), policy: open })
      const code = name === 'A4-xsw-new-root' ? 'SIGNATURE_MISPLACED' : codes[name]
      assert.equal(refusal?.code, expected === 'accept' ? undefined : code, name)
    }
  })

  it('by Id, when the policy allows it, gives the element and nothing around it', async () => {
    const { bytes } = await verifySignature(packet('valid-by-id'), optionsFor('valid-by-id', { allowById: true }))
    assert.match(Buffer.from(bytes).toString(), /^<Envelope xmlns="urn:edxml" .*<\/Envelope>$/)
  })

  it('by Id, when the policy allows it, no element may stand outside', async () => {
    for (const [name, code] of [
      ['A2-xsw-object', 'SIGNATURE_SHAPE'],
      ['A3-xsw-sibling', 'SIGNATURE_REFERENCE'],
      ['A4-xsw-new-root', 'SIGNATURE_MISPLACED'],
    ] as const) {
      const policy = { allowById: true, namespaces: [...namespaces, ''] }
      assert.equal((await refusalOf(packet(name), optionsFor(name, policy)))?.code, code)
    }
  })

  it('a comment, when the policy allows it, is no part of the content', async () => {
    const options = optionsFor('A14-comment-split', { allowComments: true })
    const { bytes } = await verifySignature(packet('A14-comment-split'), options)
    assert.ok(Buffer.from(bytes).includes('<From>G01</From>'))
  })

  it('inclusive canonicalization is refused where the policy does not name it', async () => {
    for (const name of ['valid-enveloped-c14n', 'valid-enveloped-exc']) {
      const refusal = await refusalOf(packet(name), optionsFor(name, { canonicalizations: ['exc-c14n'] }))
      assert.equal(refusal?.code, 'SIGNATURE_TRANSFORM')
    }
  })
})
