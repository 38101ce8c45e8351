import assert from 'node:assert/strict'
import { after, describe, it, type TestContext } from 'node:test'
import { RelayError } from '@lienthong/core'
import {
  openSignatureVerifier,
  type SignatureVerifier,
  type SignatureVerifierOptions,
  samplePacket,
  signPacket,
  type TrustedKey,
  verifySignature,
} from '../src/index.ts'
import { collect } from './fixture.ts'
import { letter, packetOf, pemOf, refusalOf, rsaKeys } from './signature-kit.ts'

const options = { profile: 'edxml', trusted: pemOf(rsaKeys) } as const
const signer = { privateKey: rsaKeys.privateKey }
const small = await signPacket(Buffer.from(letter()), signer)

async function largePacket(attachmentBytes: number): Promise<Uint8Array> {
  const from = { organId: 'H29.18.05', organName: 'Xã' }
  const to = [{ organId: 'H26.10', organName: 'Phường' }]
  return signPacket(await collect(samplePacket({ from, to, number: '1/UB', subject: 'x', attachmentBytes })), signer)
}

function open(t: TestContext, limits?: SignatureVerifierOptions): SignatureVerifier {
  const verifier = openSignatureVerifier(limits)
  t.after(() => verifier.close())
  return verifier
}

describe('the verifier in its own thread', () => {
  /** One for all tests that leave it as it was. */
  const verifier = openSignatureVerifier()
  after(() => verifier.close())

  it('gives what verifying here gives', async () => {
    const packets = await Promise.all([0, 1, 2].map(async (seed) => signPacket(await packetOf(seed), signer)))

    const results = await Promise.all(packets.map((packet) => verifier.verify(packet, options)))

    for (const [at, packet] of packets.entries()) {
      const here = await verifySignature(packet, options)
      assert.deepEqual(results[at]?.bytes, new Uint8Array(here.bytes))
      assert.deepEqual(results[at]?.header(), here.header())
      assert.deepEqual(results[at]?.signedWith, here.signedWith)
    }
  })

  it('refuses with the same code and detail', async () => {
    const text = Buffer.from(small).toString()
    for (const packet of [
      letter(),
      text.replace('H26.10', 'H26.11'),
      text.replace('H26.10', 'H26<!-- -->.10'),
      text.replace('URI=""', 'URI="#x"'),
      '',
    ]) {
      const here = await refusalOf(packet)
      const there = await verifier.verify(Buffer.from(packet), options).catch((error: unknown) => error)
      assert.ok(there instanceof RelayError)
      assert.deepEqual([there.code, there.detail], [here?.code, here?.detail])
    }
  })

  it('asks for the key in the calling thread', async () => {
    const asked: unknown[] = []
    const trusted = async (...claims: readonly unknown[]): Promise<TrustedKey | null> => {
      asked.push(claims)
      return asked.length === 1 ? { pem: pemOf(rsaKeys) } : null
    }

    const content = await verifier.verify(small, { profile: 'edxml', trusted })

    assert.equal(content.header().from.organId, 'H29.18.05')
    await assert.rejects(verifier.verify(small, { profile: 'edxml', trusted }), { code: 'SIGNATURE_KEY_UNKNOWN' })
    assert.deepEqual(asked, Array(2).fill(['H29.18.05', null]))
  })

  it('passes the error of a lookup through and goes on', async () => {
    const failure = new RelayError('STORE_FAILED')
    const trusted = (): Promise<never> => Promise.reject(failure)

    const failing = verifier.verify(small, { profile: 'edxml', trusted })
    const next = verifier.verify(small, options)

    await assert.rejects(failing, failure)
    assert.equal((await next).signedWith.method, 'rsa-sha256')
  })

  it('leaves the caller its packet and its event loop', async () => {
    const packet = await largePacket(780_000)
    await verifier.verify(small, options)
    let turns = 0
    let verifying = true
    const turn = (): void => {
      turns++
      if (verifying) setImmediate(turn)
    }
    turn()

    await verifier.verify(packet, options)
    verifying = false

    assert.ok(packet.length > 1_000_000)
    assert.ok(turns > 100, `${turns} turns of the event loop`)
  })

  it('refuses a packet that its thread has no memory for, and takes the next', async (t) => {
    const verifier = open(t, { maxMemoryMiB: 32 })
    const packet = await largePacket(3_000_000)

    const [large, next] = await Promise.allSettled([verifier.verify(packet, options), verifier.verify(small, options)])

    assert.equal(large.status === 'rejected' && (large.reason as RelayError).code, 'SIGNATURE_TOO_LARGE')
    assert.equal(next.status, 'fulfilled')
  })

  it('ends what is under way when it closes', async (t) => {
    const verifier = open(t)
    const calls = [verifier.verify(small, options), verifier.verify(small, options)]
    const outcomes = Promise.allSettled(calls)

    await verifier.close()
    await verifier.close()

    for (const outcome of await outcomes) {
      assert.equal(outcome.status === 'rejected' && (outcome.reason as RelayError).code, 'NODE_STOPPING')
    }
    await assert.rejects(verifier.verify(small, options), { code: 'NODE_STOPPING' })
  })
})
