import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { before, describe, it, type TestContext } from 'node:test'
import { openRegistry, RelayError } from '@lienthong/core'
import { readHeader, samplePacket, signPacket } from '@lienthong/edxml'
import { selfSigned } from '@lienthong/test/kit'
import { openSignatureGate, type SignatureGate, type SignatureRules } from '../src/packet-signature.ts'

const now = Date.UTC(2026, 0, 1)
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const certificate = selfSigned({ keys })
const { fingerprint256 } = new X509Certificate(certificate)
const fingerprint = fingerprint256.replaceAll(':', '').toLowerCase()

let unsigned: Buffer
let signed: Buffer

before(async () => {
  const chunks: Uint8Array[] = []
  const organization = { organId: 'H29', organName: 'Tỉnh' }
  for await (const chunk of samplePacket({ from: organization, to: [organization], number: '7', subject: 's' })) {
    chunks.push(chunk)
  }
  unsigned = Buffer.concat(chunks)
  const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  signed = Buffer.from(await signPacket(unsigned, { privateKey, certificate }))
})

/** What the log was told, beside the gate. */
function open(
  t: TestContext,
  rules: SignatureRules,
  pinned: { readonly validTo?: number; readonly revokedAt?: number } | null = {},
): { readonly gate: SignatureGate; readonly said: string[]; check(packet: Buffer): Promise<void> } {
  const certificates = pinned === null ? [] : [{ fingerprint, validFrom: 0, validTo: Date.UTC(2049), ...pinned }]
  const registry = openRegistry(
    {
      nodes: [{ id: 'H29', parent: null, keys: [] }],
      organisations: [{ id: 'H29', name: 'Tỉnh', parent: null, node: 'H29', certificates }],
    },
    () => false,
  )
  const said: string[] = []
  let kept: Uint8Array = new Uint8Array(0)
  const gate = openSignatureGate({
    rules,
    certificates: () => registry,
    payloads: {
      stream: async function* () {
        yield kept.subarray(0, 1000)
        yield kept.subarray(1000)
      },
    },
    log: (level, _message, fields) => said.push(`${level} ${fields?.code ?? ''}`),
    now: () => now,
  })
  t.after(() => gate.close())
  return {
    gate,
    said,
    check: async (packet) => {
      kept = packet
      const sha256 = createHash('sha256').update(packet).digest('hex')
      await gate.check('H29', await readHeader(packet), { sha256, size: packet.length })
    },
  }
}

const refused = (code: string) => (error: unknown) => error instanceof RelayError && error.code === code
const required: SignatureRules = { policy: 'require', organisations: {} }

describe('signature policy at the door', () => {
  it('takes a packet signed with a pinned certificate', async (t) => {
    await open(t, required).check(signed)
  })

  it('turns away what is unsigned, changed, not pinned, expired or revoked, each with its code', async (t) => {
    await assert.rejects(open(t, required).check(unsigned), refused('SIGNATURE_MISSING'))
    const changed = Buffer.from(signed.toString().replace('>7</', '>8</'))
    await assert.rejects(open(t, required).check(changed), refused('SIGNATURE_INVALID'))
    await assert.rejects(open(t, required, null).check(signed), refused('SIGNATURE_KEY_UNKNOWN'))
    await assert.rejects(
      open(t, required, { validTo: now - 10 * 86_400_000 }).check(signed),
      refused('SIGNATURE_KEY_EXPIRED'),
    )
    await assert.rejects(open(t, required, { revokedAt: 1 }).check(signed), refused('SIGNATURE_KEY_REVOKED'))
  })

  it('only says so under `warn`, and does not look under `ignore`', async (t) => {
    const warning = open(t, { policy: 'warn', organisations: {} })
    await warning.check(unsigned)
    assert.deepEqual(warning.said, ['warn SIGNATURE_MISSING'])
    const ignoring = open(t, { policy: 'ignore', organisations: {} })
    await ignoring.check(unsigned)
    assert.deepEqual(ignoring.said, [])
  })

  it('follows the rule of the organisation before that of the node, however its code is written', async (t) => {
    await assert.rejects(open(t, { policy: 'ignore', organisations: { h29: 'require' } }).check(unsigned))
    await open(t, { policy: 'require', organisations: { H29: 'ignore' } }).check(unsigned)
  })

  it('does not hold what is too large to verify', async (t) => {
    const { gate } = open(t, required)
    const huge = { sha256: '', size: 32 * 1024 * 1024 + 1 }
    await assert.rejects(gate.check('H29', await readHeader(signed), huge), refused('SIGNATURE_TOO_LARGE'))
  })

  it('refuses when the header that was routed by is not the one that was signed', async (t) => {
    const { gate, check } = open(t, required)
    await check(signed)
    const header = { ...(await readHeader(signed)), subject: 'other' }
    const sha256 = createHash('sha256').update(signed).digest('hex')
    await assert.rejects(
      gate.check('H29', header, { sha256, size: signed.length }),
      refused('SIGNATURE_CONTENT_HIDDEN'),
    )
  })
})
