import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, it } from 'node:test'
import { RelayError } from '@lienthong/core'
import { selfSigned } from '@lienthong/test/kit'
import { type KeyLookup, signPacket, type TrustedKey, verifySignature } from '../src/index.ts'
import { fingerprint } from '../src/signature/trusted-key.ts'
import { ecKeys, letter, marked, pemOf, refusalOf, rsaKeys, signed } from './signature-kit.ts'

const certificate = selfSigned({ keys: rsaKeys })
const sha256Of = (pem: string): string => fingerprint(new X509Certificate(pem).raw)
const withCertificate = await signPacket(Buffer.from(letter()), { privateKey: rsaKeys.privateKey, certificate })
const bare = await signPacket(Buffer.from(letter()), { privateKey: rsaKeys.privateKey })

async function codeOf(packet: Uint8Array, trusted: TrustedKey, now = Date.UTC(2026)): Promise<string | undefined> {
  return (await refusalOf(packet, { trusted, now }))?.code
}

describe('the registered key', () => {
  it('may be a certificate or a bare key, whether or not the packet carries the certificate', async () => {
    for (const packet of [withCertificate, bare]) {
      for (const pem of [certificate, pemOf(rsaKeys)]) assert.equal(await codeOf(packet, { pem }), undefined)
    }
  })

  it('is told with the content', async () => {
    const { signedWith } = await verifySignature(withCertificate, { profile: 'edxml', trusted: certificate })
    const keyFingerprint = fingerprint(rsaKeys.publicKey.export({ type: 'spki', format: 'der' }))
    assert.deepEqual(signedWith, {
      method: 'rsa-sha256',
      keyFingerprint,
      certificateFingerprint: sha256Of(certificate),
    })
  })

  it('must be the one of the certificate in the packet', async () => {
    const renewed = selfSigned({ keys: rsaKeys, serial: 2 })
    assert.equal(await codeOf(withCertificate, { pem: renewed }), 'SIGNATURE_KEY_UNKNOWN')

    const others = selfSigned({ keys: ecKeys })
    const stranger = await signPacket(Buffer.from(letter()), { privateKey: ecKeys.privateKey, certificate: others })
    assert.equal(await codeOf(stranger, { pem: pemOf(rsaKeys) }), 'SIGNATURE_KEY_UNKNOWN')
    assert.equal(await codeOf(stranger, { pem: certificate }), 'SIGNATURE_KEY_UNKNOWN')
    assert.equal(await codeOf(stranger, { pem: others }), undefined)
  })

  it('must be in its validity, by certificate and by registry', async () => {
    const year = (value: number): Date => new Date(Date.UTC(value))
    const short = selfSigned({ keys: rsaKeys, notBefore: year(2025), notAfter: year(2026) })
    const at = (value: string): number => Date.parse(value)

    assert.equal(await codeOf(bare, { pem: short }, at('2025-06-01')), undefined)
    assert.equal(await codeOf(bare, { pem: short }, at('2024-12-31')), 'SIGNATURE_KEY_EXPIRED')
    assert.equal(await codeOf(bare, { pem: short }, at('2026-01-02')), 'SIGNATURE_KEY_EXPIRED')

    const pem = pemOf(rsaKeys)
    assert.equal(await codeOf(bare, { pem, notAfter: at('2025-01-01') }, at('2025-01-02')), 'SIGNATURE_KEY_EXPIRED')
    assert.equal(await codeOf(bare, { pem, notBefore: at('2025-01-01') }, at('2024-12-31')), 'SIGNATURE_KEY_EXPIRED')
    assert.equal(await codeOf(bare, { pem, notBefore: at('2025-01-01') }, NaN), 'SIGNATURE_KEY_EXPIRED')
  })

  it('must not be revoked', async () => {
    assert.equal(await codeOf(bare, { pem: certificate, revoked: true }), 'SIGNATURE_KEY_REVOKED')
  })

  it('must be strong enough, and meant for signing', async () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const curve = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const edwards = generateKeyPairSync('ed25519')
    for (const keys of [weak, curve, edwards]) {
      assert.equal(await codeOf(bare, { pem: pemOf(keys) }), 'SIGNATURE_KEY_UNSUITABLE')
      const signing = signPacket(Buffer.from(letter()), { privateKey: keys.privateKey })
      await assert.rejects(signing, { code: 'SIGNATURE_KEY_UNSUITABLE' })
    }
    assert.equal(
      await codeOf(Buffer.from(signed(marked(), { keys: weak })), { pem: pemOf(weak) }),
      'SIGNATURE_KEY_UNSUITABLE',
    )

    const digitalSignature = 0x80
    const nonRepudiation = 0x40
    const keyEncipherment = 0x20
    for (const [keyUsage, code] of [
      [digitalSignature, undefined],
      [nonRepudiation, undefined],
      [keyEncipherment, 'SIGNATURE_KEY_UNSUITABLE'],
    ] as const) {
      assert.equal(await codeOf(bare, { pem: selfSigned({ keys: rsaKeys, keyUsage }) }), code)
    }
    assert.equal(await codeOf(bare, { pem: 'no key' }), 'SIGNATURE_KEY_UNSUITABLE')
  })

  it('is looked up by the sender the packet names and the certificate it carries', async () => {
    const asked: unknown[] = []
    const trusted: KeyLookup = async (claimedSender, carried) => {
      asked.push([claimedSender, carried?.fingerprint ?? null])
      if (carried !== null) assert.equal(sha256Of(carried.pem), carried.fingerprint)
      return claimedSender === 'H29.18.05' ? { pem: certificate } : null
    }
    assert.equal(await refusalOf(withCertificate, { trusted }), null)
    assert.equal(await refusalOf(bare, { trusted }), null)
    const other = await signPacket(Buffer.from(letter('G01')), { privateKey: rsaKeys.privateKey })
    const refusal = await refusalOf(other, { trusted })
    assert.deepEqual([refusal?.code, refusal?.detail], ['SIGNATURE_KEY_UNKNOWN', { sender: 'G01' }])
    assert.deepEqual(asked, [
      ['H29.18.05', sha256Of(certificate)],
      ['H29.18.05', null],
      ['G01', null],
    ])
  })

  it('is not asked for when the gate refuses', async () => {
    const trusted = (): never => {
      throw new Error('asked')
    }
    assert.equal((await refusalOf(letter(), { trusted }))?.code, 'SIGNATURE_MISSING')
  })

  it('passes the error of a lookup through', async () => {
    const failure = new RelayError('STORE_FAILED')
    const trusted = (): Promise<never> => Promise.reject(failure)
    assert.equal(await refusalOf(bare, { trusted }), failure)
  })

  it('of a signer must fit the certificate', async () => {
    const signer = { privateKey: ecKeys.privateKey, certificate }
    await assert.rejects(signPacket(Buffer.from(letter()), signer), { code: 'SIGNATURE_KEY_UNSUITABLE' })
    for (const privateKey of ['no key', rsaKeys.publicKey]) {
      await assert.rejects(signPacket(Buffer.from(letter()), { privateKey }), { code: 'SIGNATURE_KEY_UNSUITABLE' })
    }
  })
})
