/** Self-signed certificates for tests, in just enough DER. [RFC 5280 §4.1] */
import { type KeyPairKeyObjectResult, sign } from 'node:crypto'

export interface CertificateRequest {
  readonly keys: KeyPairKeyObjectResult
  readonly notBefore?: Date
  readonly notAfter?: Date
  /** IPv4 addresses it is for; without, the extension subjectAltName is left out. */
  readonly addresses?: readonly string[]
  /** The bits of keyUsage; without, the extension is left out. */
  readonly keyUsage?: number
  readonly serial?: number
}

/** PEM. */
export function selfSigned(request: CertificateRequest): string {
  const {
    keys,
    notBefore = new Date(Date.UTC(2020)),
    notAfter = new Date(Date.UTC(2049)),
    addresses = [],
    keyUsage,
    serial = 1,
  } = request
  const isRsa = keys.privateKey.asymmetricKeyType === 'rsa'
  const algorithm = isRsa
    ? sequence(oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b), der(0x05))
    : sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02))
  const name = sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from('test')))))
  const critical = der(0x01, Buffer.from([0xff]))
  const usage =
    keyUsage === undefined
      ? []
      : [sequence(oid(0x55, 0x1d, 0x0f), critical, der(0x04, der(0x03, Buffer.from([0, keyUsage]))))]
  const names = addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number))))
  const alternatives = names.length === 0 ? [] : [sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(...names)))]
  const extensions = [...usage, ...alternatives]
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([serial])),
    algorithm,
    name,
    sequence(utcTime(notBefore), utcTime(notAfter)),
    name,
    keys.publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length === 0 ? [] : [der(0xa3, sequence(...extensions))]),
  )
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, keys.privateKey))
  const base64 = sequence(body, algorithm, signature).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
}

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const { length } = content
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(head), content])
}

function sequence(...contents: readonly Buffer[]): Buffer {
  return der(0x30, ...contents)
}

function oid(...bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes))
}

function utcTime(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`))
}
