/** What can be done to a signed edXML packet, or by a signer who does it wrongly, and the code each is refused with. */
import assert from 'node:assert/strict'
import { constants, createHmac, generateKeyPairSync, privateEncrypt, sign } from 'node:crypto'
import { describe, it } from 'node:test'
import type { VerifyOptions } from '../src/index.ts'
import {
  canonicalContent,
  ds,
  ecKeys,
  letter,
  marked,
  namespace,
  pemOf,
  refusalOf,
  rsaKeys,
  signed,
} from './signature-kit.ts'

const attackerKeys = generateKeyPairSync('rsa', { modulusLength: 2048 })

const honest = signed(marked())
const envelopeOpen = `<edXML:edXMLEnvelope xmlns:edXML="${namespace}">`
const signature = /<ds:Signature .*<\/ds:Signature>/.exec(honest)?.[0] ?? ''
const forgedFrom = '<edXML:From><edXML:OrganId>G01</edXML:OrganId></edXML:From>'
const from = '<edXML:From><edXML:OrganId>H29.18.05</edXML:OrganId></edXML:From>'
const unsigned = honest.replace(signature, '')

const intoSignature = (inside: string): string => honest.replace('</ds:Signature>', `${inside}</ds:Signature>`)
const withInfo = (signedInfo: (text: string) => string): string => signed(marked(), { signedInfo })
const replacing = (search: string, value: string): string => withInfo((text) => text.replace(search, () => value))
const keyInfo = (inside: string): string => `<ds:KeyInfo>${inside}</ds:KeyInfo>`
const keyValueOf = ({ publicKey }: typeof rsaKeys): string => {
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' })
  const base64 = (value: string): string => Buffer.from(value, 'base64url').toString('base64')
  return `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${base64(n)}</ds:Modulus><ds:Exponent>${base64(e)}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`
}

const enveloped = '<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>'
const exclusive = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>'
const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'
const reference = /<ds:Reference .*<\/ds:Reference>/

/** Signed by Id over an envelope that carries one, as some signers would. */
const byId = ((): string => {
  const packet = marked(letter().replace(envelopeOpen, envelopeOpen.replace('>', ' Id="e-1">')))
  const whole = canonicalContent(packet.replace('{signature}', ''), 'exc-c14n')
  const content = /<edXML:edXMLEnvelope.*<\/edXML:edXMLEnvelope>/.exec(whole)?.[0] ?? ''
  return signed(packet, { content, signedInfo: (text) => text.replace('URI=""', 'URI="#e-1"') })
})()
const byIdEnvelope = /<edXML:edXMLEnvelope.*<\/edXML:edXMLEnvelope>/.exec(byId)?.[0] ?? ''
const forgedEnvelope = byIdEnvelope.replace(from, forgedFrom).replace('Id="e-1"', 'Id="e-2"')

/** Same canonical octets, by a canonicalizer that writes namespaces as they are: one attachment is gone. */
const hiddenAttachment = honest.replace(
  /(xmlns:edXML=")([^"]*">UEsD.*?xmlns:edXML=")/,
  (_, head: string, tail: string) => {
    const escaped = tail.slice(0, -1).replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
    return `${head}${escaped}"`.replace(/"$/, '&quot;')
  },
)

const manifest = '<edXML:edXMLManifest version="1.0"/>'
const options = (change: Partial<VerifyOptions>): Partial<VerifyOptions> => change
const many = (text: string, count: number): string => honest.replace(manifest, text.repeat(count))

type Attack = readonly [name: string, code: string, packet: string | Uint8Array, options?: Partial<VerifyOptions>]
const attacks: readonly Attack[] = [
  ['no signature', 'SIGNATURE_MISSING', unsigned],
  ['no signature, and comments', 'SIGNATURE_MISSING', unsigned.replace(manifest, '<!-- c --><x/>')],
  [
    'a Signature of the packet’s namespace',
    'SIGNATURE_PLACEHOLDER',
    marked().replace('{signature}', '<Signature><SignedInfo/></Signature>'),
  ],
  ['an empty DigitalSignature', 'SIGNATURE_PLACEHOLDER', marked().replace('{signature}', '<edXML:DigitalSignature/>')],
  ['an empty signature', 'SIGNATURE_PLACEHOLDER', marked().replace('{signature}', `<Signature xmlns="${ds}"/>`)],
  [
    'a certificate cut off',
    'SIGNATURE_PLACEHOLDER',
    intoSignature(keyInfo('<ds:X509Data><ds:X509Certificate>MIIDdzCCAl+gAwIBAgI=</ds:X509Certificate></ds:X509Data>')),
  ],

  ['a changed sender', 'SIGNATURE_INVALID', honest.replace(from, forgedFrom)],
  [
    'a changed digest',
    'SIGNATURE_INVALID',
    honest.replace(from, forgedFrom).replace(/(<ds:DigestValue>)[^<]*/, (_, tag: string) => tag + 'A'.repeat(43) + '='),
  ],
  [
    'a digest that fits the change',
    'SIGNATURE_INVALID',
    ((): string => {
      const forged = signed(marked(letter('G01')), { keys: attackerKeys })
      const value = /<ds:SignatureValue>[^<]*/
      return forged.replace(value, value.exec(honest)?.[0] ?? '')
    })(),
  ],
  [
    'a digest with a second spelling',
    'SIGNATURE_SHAPE',
    honest.replace(
      /(.)=(<\/ds:DigestValue>)/,
      (_, last: string, end: string) => `${String.fromCharCode(last.charCodeAt(0) + 1)}=${end}`,
    ),
  ],

  [
    'a second signature with data of its own',
    'SIGNATURE_REPEATED',
    honest.replace(
      '</edXML>\n',
      `<ds:Signature xmlns:ds="${ds}"><ds:Object>${forgedFrom.replaceAll('edXML:', '')}</ds:Object></ds:Signature></edXML>`,
    ),
  ],
  ['a second copy of the signature', 'SIGNATURE_REPEATED', honest.replace(signature, signature + signature)],
  ['data in an Object of the signature', 'SIGNATURE_SHAPE', intoSignature('<ds:Object>G01</ds:Object>')],
  [
    'a forged envelope, the signed one in an Object',
    'SIGNATURE_SHAPE',
    byId.replace(byIdEnvelope, () =>
      forgedEnvelope.replace(
        '</ds:Signature>',
        `<ds:Object>${byIdEnvelope.replace(/<ds:Signature .*<\/ds:Signature>/, '')}</ds:Object></ds:Signature>`,
      ),
    ),
  ],
  [
    'a forged envelope before the signed one',
    'SIGNATURE_REFERENCE',
    byId.replace(byIdEnvelope, () => forgedEnvelope.replace(/<ds:Signature .*<\/ds:Signature>/, '') + byIdEnvelope),
  ],
  [
    'a forged envelope before the signed one, by Id allowed',
    'SIGNATURE_REFERENCE',
    byId.replace(byIdEnvelope, () => forgedEnvelope.replace(/<ds:Signature .*<\/ds:Signature>/, '') + byIdEnvelope),
    options({ policy: { allowById: true } }),
  ],
  [
    'the signed packet inside another',
    'SIGNATURE_MISPLACED',
    `<edXML xmlns="${namespace}"><edXMLEnvelope>${forgedFrom.replaceAll('edXML:', '')}</edXMLEnvelope>${honest.replace(/^.*\n/, '').trim()}</edXML>`,
  ],
  ['an Id', 'SIGNATURE_REFERENCE', byId],
  [
    'an Id that leaves attachments out, by Id allowed',
    'SIGNATURE_REFERENCE',
    byId,
    options({ policy: { allowById: true } }),
  ],
  [
    'an Id twice',
    'SIGNATURE_ID_REPEATED',
    byId.replace(manifest, '<edXML:edXMLManifest Id="e-1"/>'),
    options({ policy: { allowById: true } }),
  ],
  [
    'an Id twice, one in the signature',
    'SIGNATURE_ID_REPEATED',
    byId.replace('<ds:Signature ', '<ds:Signature Id="e-1" '),
  ],
  ['an Id twice in different case', 'SIGNATURE_ID_REPEATED', byId.replace(manifest, '<edXML:edXMLManifest ID="e-1"/>')],

  [
    'the signature first in the header',
    'SIGNATURE_MISPLACED',
    signed(letter().replace('<edXML:MessageHeader>', '{signature}<edXML:MessageHeader>')),
  ],
  [
    'the signature in the message header',
    'SIGNATURE_MISPLACED',
    signed(letter().replace('</edXML:MessageHeader>', '{signature}</edXML:MessageHeader>')),
  ],
  [
    'the signature in the body',
    'SIGNATURE_MISPLACED',
    signed(letter().replace('</edXML:edXMLBody>', '{signature}</edXML:edXMLBody>')),
  ],
  [
    'the signature last in the root',
    'SIGNATURE_MISPLACED',
    signed(letter().replace('</edXML>\n', '{signature}</edXML>\n')),
  ],
  ['text behind the signature', 'SIGNATURE_MISPLACED', signed(marked().replace('{signature}', '{signature}x'))],
  [
    'a header of another envelope',
    'SIGNATURE_MISPLACED',
    signed(marked().replaceAll(/(<\/?edXML:)edXMLEnvelope/g, '$1Envelope')),
  ],

  ['a reference to the outside', 'SIGNATURE_REFERENCE', replacing('URI=""', 'URI="http://evil.example/x"')],
  ['a reference to a file', 'SIGNATURE_REFERENCE', replacing('URI=""', 'URI="file:///etc/hostname"')],
  [
    'a reference by xpointer',
    'SIGNATURE_REFERENCE',
    replacing('URI=""', 'URI="#xpointer(/)"'),
    options({ policy: { allowById: true } }),
  ],
  [
    'a reference to nothing',
    'SIGNATURE_REFERENCE',
    replacing('URI=""', 'URI="#gone"'),
    options({ policy: { allowById: true } }),
  ],
  ['a reference without URI', 'SIGNATURE_REFERENCE', replacing(' URI=""', '')],
  ['no reference', 'SIGNATURE_REFERENCE', withInfo((text) => text.replace(reference, ''))],
  ['two references', 'SIGNATURE_REFERENCE', withInfo((text) => text.replace(reference, (found) => found + found))],

  ['no enveloped-signature', 'SIGNATURE_TRANSFORM', replacing(enveloped, '')],
  ['no canonicalization', 'SIGNATURE_TRANSFORM', replacing(exclusive, '')],
  ['enveloped-signature twice', 'SIGNATURE_TRANSFORM', replacing(enveloped, enveloped + enveloped)],
  ['canonicalization twice', 'SIGNATURE_TRANSFORM', replacing(exclusive, exclusive + exclusive)],
  ['transforms the other way round', 'SIGNATURE_TRANSFORM', replacing(enveloped + exclusive, exclusive + enveloped)],
  [
    'a base64 transform',
    'SIGNATURE_TRANSFORM',
    replacing(exclusive, exclusive.replace('http://www.w3.org/2001/10/xml-exc-c14n#', `${ds}base64`)),
  ],
  [
    'an XPath transform',
    'SIGNATURE_TRANSFORM',
    replacing(
      exclusive,
      `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>true()</ds:XPath></ds:Transform>${exclusive}`,
    ),
  ],
  [
    'an XSLT transform',
    'SIGNATURE_TRANSFORM',
    replacing(exclusive, exclusive.replace('2001/10/xml-exc-c14n#', 'TR/1999/REC-xslt-19991116')),
  ],
  [
    'canonicalization with comments',
    'SIGNATURE_TRANSFORM',
    replacing(exclusive, exclusive.replace('c14n#', 'c14n#WithComments')),
  ],
  [
    'a transform with parameters',
    'SIGNATURE_TRANSFORM',
    replacing(exclusive, exclusive.replace('></', '><ds:InclusiveNamespaces PrefixList="a"/></')),
  ],
  [
    'an unknown canonicalization of SignedInfo',
    'SIGNATURE_TRANSFORM',
    replacing(
      '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">',
      '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2006/12/xml-c14n11">',
    ),
  ],

  [
    'rsa-sha1',
    'SIGNATURE_ALGORITHM',
    signed(marked(), {
      signedInfo: (text) => text.replace(rsaSha256, `${ds}rsa-sha1`),
      sign: (data, key) => sign('sha1', data, key),
    }),
  ],
  [
    'rsa-sha512',
    'SIGNATURE_ALGORITHM',
    signed(marked(), {
      signedInfo: (text) => text.replace(rsaSha256, rsaSha256.replace('256', '512')),
      sign: (data, key) => sign('sha512', data, key),
    }),
  ],
  [
    'rsa-pss',
    'SIGNATURE_ALGORITHM',
    signed(marked(), {
      signedInfo: (text) => text.replace(rsaSha256, 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1'),
      sign: (data, key) => sign('sha256', data, { key, padding: constants.RSA_PKCS1_PSS_PADDING }),
    }),
  ],
  [
    'HMAC with the public key as secret',
    'SIGNATURE_ALGORITHM',
    signed(marked(), {
      signedInfo: (text) => text.replace(rsaSha256, 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256'),
      sign: (data) => createHmac('sha256', pemOf(rsaKeys)).update(data).digest(),
    }),
  ],
  [
    'a method with parameters',
    'SIGNATURE_ALGORITHM',
    replacing('rsa-sha256"></', 'rsa-sha256"><ds:HMACOutputLength>1</ds:HMACOutputLength></'),
  ],
  ['a digest by sha1', 'SIGNATURE_ALGORITHM', replacing('http://www.w3.org/2001/04/xmlenc#sha256', `${ds}sha1`)],
  [
    'a signature without hash',
    'SIGNATURE_INVALID',
    signed(marked(), { sign: (data, key) => privateEncrypt(key, data.subarray(0, 32)) }),
  ],

  [
    'the attacker’s key, named in the packet',
    'SIGNATURE_KEY_UNKNOWN',
    signed(marked(letter('G01')), { keys: attackerKeys, keyInfo: keyInfo(keyValueOf(attackerKeys)) }),
  ],
  ['the attacker’s key, not named', 'SIGNATURE_INVALID', signed(marked(letter('G01')), { keys: attackerKeys })],
  [
    'the attacker’s key under the registered one’s name',
    'SIGNATURE_INVALID',
    signed(marked(letter('G01')), { keys: attackerKeys, keyInfo: keyInfo(keyValueOf(rsaKeys)) }),
  ],
  ['a method that is not the key’s', 'SIGNATURE_KEY_UNKNOWN', signed(marked(), { keys: ecKeys })],
  [
    'a key to be fetched',
    'SIGNATURE_SHAPE',
    intoSignature(keyInfo('<ds:RetrievalMethod URI="http://evil.example/k"/>')),
  ],
  ['two keys', 'SIGNATURE_SHAPE', intoSignature(keyInfo(keyValueOf(attackerKeys) + keyValueOf(rsaKeys)))],
  ['two KeyInfo', 'SIGNATURE_SHAPE', intoSignature(keyInfo('') + keyInfo(''))],

  ['two SignedInfo', 'SIGNATURE_SHAPE', honest.replace(/<ds:SignedInfo.*<\/ds:SignedInfo>/, (found) => found + found)],
  ['a Manifest', 'SIGNATURE_SHAPE', intoSignature('<ds:Manifest/>')],
  ['text in the signature', 'SIGNATURE_SHAPE', intoSignature('x')],
  [
    'an unknown attribute of the signature',
    'SIGNATURE_SHAPE',
    honest.replace('<ds:Signature ', '<ds:Signature Type="x" '),
  ],
  [
    'an element of the packet in the signature',
    'SIGNATURE_SHAPE',
    intoSignature(keyInfo(`<ds:KeyName>${forgedFrom}</ds:KeyName>`)),
  ],
  ['a signature value of nothing', 'SIGNATURE_SHAPE', honest.replace(/(<ds:SignatureValue>)[^<]*/, '$1')],

  ['a comment that splits a code', 'SIGNATURE_COMMENT', honest.replace('>H29.18', '>H29<!-- -->.18')],
  ['a comment in the digest', 'SIGNATURE_COMMENT', honest.replace('<ds:DigestValue>', '<ds:DigestValue><!-- -->')],
  ['CDATA', 'SIGNATURE_COMMENT', honest.replace('>H29.18.05<', '><![CDATA[H29.18.05]]><')],
  ['an instruction', 'SIGNATURE_COMMENT', honest.replace(manifest, `<?x y?>${manifest}`)],
  ['a document type', 'NOT_EDXML: doctype', honest.replace('\n', '\n<!DOCTYPE edXML [<!ENTITY x "G01">]>')],

  ['an attachment hidden in a namespace', 'SIGNATURE_CONTENT_HIDDEN', hiddenAttachment],
  [
    'an attribute hidden from the canonical form',
    'SIGNATURE_CONTENT_HIDDEN',
    honest.replace('version="1.0"/>', `version="1.0" xmlns:pxmlns="${namespace}" pxmlns:version="9"/>`),
  ],
  [
    'an attribute that looks like a declaration',
    'SIGNATURE_CONTENT_HIDDEN',
    honest.replace('version="1.0"/>', 'version="1.0" xmlnsversion="9"/>'),
  ],
  [
    'a prefix a pattern reads only half of',
    'SIGNATURE_CONTENT_HIDDEN',
    honest.replace('version="1.0"/>', `version="1.0" xmlns:edXMLé="${namespace}"/>`),
  ],
  [
    'a namespace with a line break',
    'SIGNATURE_CONTENT_HIDDEN',
    honest.replace('version="1.0"/>', `version="1.0" xmlns:a="${namespace}&#10;"/>`),
  ],
  [
    'declarations without end',
    'SIGNATURE_CONTENT_HIDDEN',
    honest.replace(
      'version="1.0"/>',
      `${Array.from({ length: 9 }, (_, i) => `xmlns:a${i}="${namespace}"`).join(' ')}/>`,
    ),
  ],
  ['a foreign element', 'SIGNATURE_NAMESPACE', signed(marked().replace(manifest, '<x:From xmlns:x="urn:x"/>'))],
  ['a foreign attribute', 'SIGNATURE_NAMESPACE', signed(marked().replace('version="1.0"/>', 'xml:lang="vi"/>'))],
  ['an element of no namespace', 'SIGNATURE_NAMESPACE', signed(marked().replace(manifest, '<From xmlns=""/>'))],

  ['more bytes than allowed', 'SIGNATURE_TOO_LARGE', honest, options({ policy: { maxBytes: honest.length - 1 } })],
  ['more elements than allowed', 'SIGNATURE_TOO_LARGE', many('<x/>', 1000), options({ policy: { maxElements: 1000 } })],
  ['a document type without end', 'NOT_EDXML: doctype', honest.replace('\n', '\n<!DOCTYPE edXML [')],
  ['elements nested too deeply', 'NOT_EDXML: too-deep', honest.replace(manifest, '<x>'.repeat(62) + '</x>'.repeat(62))],
  [
    'more attributes than allowed',
    'NOT_EDXML: too-many-attributes',
    many(`<x ${Array.from({ length: 65 }, (_, i) => `a${i}=""`).join(' ')}/>`, 1),
  ],
  ['bytes that are no UTF-8', 'NOT_EDXML: not-utf8', Buffer.from(honest.replace('>d-1<', '>d-\u00ff<'), 'latin1')],
  ['another encoding', 'NOT_EDXML: encoding', honest.replace('UTF-8', 'windows-1258')],
  ['another version of XML', 'NOT_EDXML: not-well-formed', honest.replace('version="1.0" e', 'version="1.1" e')],
  ['junk in front', 'NOT_EDXML: not-well-formed', `1212${honest}`],
  ['a second root', 'NOT_EDXML: not-well-formed', `${honest}<edXML/>`],
  ['a packet cut off', 'NOT_EDXML: not-well-formed', honest.slice(0, -10)],
  ['nothing', 'NOT_EDXML: not-well-formed', ''],
]

describe('a signed packet', () => {
  it('verifies as it was signed', async () => assert.equal(await refusalOf(honest), null))

  for (const [name, code, packet, change] of attacks) {
    it(`is refused for ${name}: ${code}`, async () => {
      assert.ok(packet.toString() !== honest || change !== undefined, 'nothing was done')
      const refusal = await refusalOf(packet, change)
      const why = refusal?.code === 'NOT_EDXML' ? `: ${refusal.detail['why']}` : ''
      assert.equal(`${refusal?.code}${why}`, code)
    })
  }
})
