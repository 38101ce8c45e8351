/** The forms a signature may have. */
import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { describe, it } from 'node:test'
import { selfSigned } from '@lienthong/test/kit'
import { ds, ecKeys, marked, namespace, pemOf, refusalOf, rsaKeys, signed } from './signature-kit.ts'

const exclusive = '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>'
const { n = '', e = '' } = rsaKeys.publicKey.export({ format: 'jwk' })
const base64 = (value: string): string => Buffer.from(value, 'base64url').toString('base64')
const keyValue =
  `<ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${base64(n)}</ds:Modulus><ds:Exponent>${base64(e)}</ds:Exponent>` +
  '</ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>'

describe('a signature', () => {
  it('verifies with RSA, with ECDSA, and with the key in it', async () => {
    assert.equal(await refusalOf(signed(marked())), null)
    assert.equal(await refusalOf(signed(marked(), { keys: ecKeys }), { trusted: pemOf(ecKeys) }), null)
    assert.equal(await refusalOf(signed(marked(), { keyInfo: keyValue })), null)
  })

  it('verifies by inclusive canonicalization, of content and of SignedInfo', async () => {
    const inclusive = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'
    const content = signed(marked(), {
      contentMethod: 'c14n',
      signedInfo: (text) => text.replace(exclusive, exclusive.replace(/Algorithm="[^"]*/, `Algorithm="${inclusive}`)),
    })
    assert.equal(await refusalOf(content), null)

    const method = '<ds:CanonicalizationMethod Algorithm="'
    const info = signed(marked(), {
      signedInfo: (text) => text.replace(`${method}http://www.w3.org/2001/10/xml-exc-c14n#`, method + inclusive),
      sign: (data, key) => {
        const inScope = `<ds:SignedInfo xmlns="${namespace}" xmlns:ds="${ds}" xmlns:edXML="${namespace}">`
        return sign('sha256', Buffer.from(data.toString().replace(/^<[^>]*>/, inScope)), key)
      },
    })
    assert.equal(await refusalOf(info), null)
  })

  it('verifies as the field writes it: no prefix, indented, inclusive SignedInfo, certificate', async () => {
    const certificate = selfSigned({ keys: rsaKeys }).replace(/-----[^-]*-----/g, '')
    const unprefixed = (text: string): string => text.replaceAll('ds:', '')
    const indented = signed(marked(), {
      signedInfo: (text) =>
        unprefixed(text)
          .replace(/^<[^>]*>/, '<SignedInfo>')
          .replaceAll('><', '>\n  <')
          .replace('http://www.w3.org/2001/10/xml-exc-c14n#', 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'),
      sign: (data, key) => {
        const inScope = `<SignedInfo xmlns="${ds}" xmlns:edXML="${namespace}">`
        return sign('sha256', Buffer.from(data.toString().replace('<SignedInfo>', inScope)), key)
      },
      keyInfo: `<ds:KeyInfo><ds:X509Data><ds:X509SubjectName>CN=test</ds:X509SubjectName>\n<ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`,
    })
    const packet = indented.replace(/<ds:Signature .*<\/ds:Signature>/s, (text) =>
      unprefixed(text).replace('xmlns:ds', 'xmlns').replace('<SignatureValue>', '\n<SignatureValue>\n'),
    )
    assert.ok(packet.includes('\n  <Reference URI="">'))
    assert.equal(await refusalOf(packet), null)
  })
})
