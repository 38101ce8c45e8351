import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'

import { createSealingKey, sealingKeyFromPem, sealingKeyToPem } from '@lienthong/link'

import { refuses } from './refusal.ts'

describe('sealing key', () => {
  it('survives a trip through PEM, kid and all', () => {
    const key = createSealingKey('H29.18', 3)
    const again = sealingKeyFromPem(sealingKeyToPem(key))
    assert.equal(again.kid, 'H29.18#3')
    assert.equal(again.publicKey, key.publicKey)
    const bytes = Buffer.from('core')
    assert.deepEqual(again.sign(bytes), key.sign(bytes))
  })

  it('reads a file made by another tool when told the kid', () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' })
    assert.equal(sealingKeyFromPem(String(pem), 'G22#1').kid, 'G22#1')
    refuses(() => sealingKeyFromPem(String(pem)), 'CONFIG_INVALID')
  })

  it('has a public key of 32 bytes in base64url', () => {
    assert.match(createSealingKey('H29', 1).publicKey, /^[A-Za-z0-9_-]{43}$/)
  })

  it('is shown by nothing', () => {
    const key = createSealingKey('H29', 1)
    const secret = createPrivateKey(sealingKeyToPem(key)).export({ format: 'jwk' })['d']
    assert.equal(typeof secret, 'string')
    const shown = [
      inspect(key, { showHidden: true, depth: Infinity, getters: true }),
      JSON.stringify(key),
      JSON.stringify({ ...key }),
      inspect({ key }, { depth: Infinity, showHidden: true, customInspect: false }),
      inspect(Object.getOwnPropertyDescriptors(key), { depth: Infinity, showHidden: true }),
    ]
    for (const text of shown) {
      assert.ok(!text.includes(String(secret)) && !/PRIVATE|KeyObject/.test(text), text)
    }
  })

  it('quotes nothing of a file it cannot read', () => {
    const broken = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0IHRleHQ=\n-----END PRIVATE KEY-----\n'
    for (const pem of [broken, 'secret text', '']) {
      assert.throws(
        () => sealingKeyFromPem(pem, 'H29#1'),
        (error) => error instanceof Error && !inspect(error, { depth: Infinity }).includes('c2VjcmV0'),
      )
    }
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' })
    refuses(() => sealingKeyFromPem(String(rsa), 'H29#1'), 'CONFIG_INVALID')
  })

  it('takes no kid that no seal could name', () => {
    for (const kid of ['', 'H29', 'H29#0', 'H29#1.5', 'H29 18#1', '#1']) {
      refuses(() => sealingKeyFromPem(sealingKeyToPem(createSealingKey('H29', 1)), kid), 'CONFIG_INVALID')
    }
    refuses(() => createSealingKey('H29', 0), 'CONFIG_INVALID')
  })

  it('turns nothing but its own keys into PEM', () => {
    const foreign = {
      kid: 'H29#1',
      publicKey: 'x',
      sign: (bytes: Uint8Array) => bytes,
      derive: () => new Uint8Array(32),
    }
    refuses(() => sealingKeyToPem(foreign), 'INTERNAL')
  })

  it('derives the same bytes from the same key and purpose, and others from any other', () => {
    const key = createSealingKey('H29', 1)
    const again = sealingKeyFromPem(sealingKeyToPem(key))
    const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

    const derived = hex(key.derive('secrets'))

    assert.match(derived, /^[0-9a-f]{64}$/)
    assert.equal(hex(again.derive('secrets')), derived)
    assert.notEqual(hex(key.derive('secrets 2')), derived)
    assert.notEqual(hex(createSealingKey('H29', 1).derive('secrets')), derived)
    assert.ok(!sealingKeyToPem(key).includes(Buffer.from(derived, 'hex').toString('base64').slice(0, 20)))
  })

  it('writes what OpenSSL reads', (t) => {
    const pem = sealingKeyToPem(createSealingKey('H29', 1))
    try {
      execFileSync('openssl', ['version'], { stdio: 'ignore' })
    } catch {
      t.skip('openssl is missing')
      return
    }
    const text = execFileSync('openssl', ['pkey', '-pubout'], { input: pem, encoding: 'utf8' })
    assert.match(text, /BEGIN PUBLIC KEY/)
  })
})
