/**
 * X.509 for TLS between nodes, brokers and document software: an authority of one's own and what it issues.
 *
 * Whom a node believes is decided by seals and the directory, never by these [DESIGN §8]: they only keep the line private
 * and say which machine is at its other end.
 */
import 'reflect-metadata'
import type { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as x509 from '@peculiar/x509'

const { crypto } = globalThis
x509.cryptoProvider.set(crypto)

/** What every TLS library of the last ten years takes. */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** PEM both. */
export interface KeyAndCertificate {
  readonly key: string
  readonly certificate: string
}

interface Period {
  /** ms since 1970 */
  readonly from: number
  readonly to: number
}

/** A new key, and its own certificate as an authority that may issue for machines and for no further authority. */
export async function createAuthority(name: string, { from, to }: Period): Promise<KeyAndCertificate> {
  const keys = await createKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: randomSerial(),
    name: commonName(name),
    notBefore: new Date(from),
    notAfter: new Date(to),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { key: await pemOfKey(keys.privateKey), certificate: pemOf(certificate) }
}

/**
 * A certificate for a machine by all its `names` (DNS names or IP addresses), for either side of a TLS connection.
 * `key` renews one that is there. null when `authority.key` is not the key of `authority.certificate`.
 */
export async function issueCertificate(
  authority: KeyAndCertificate,
  { names, key, from, to }: Period & { readonly names: readonly string[]; readonly key?: string },
): Promise<KeyAndCertificate | null> {
  const issuer = new x509.X509Certificate(authority.certificate)
  const keys = key === undefined ? await createKeys() : await keysOf(key)
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerial(),
    subject: commonName(names[0] ?? ''),
    issuer: issuer.subjectName,
    notBefore: new Date(from),
    // Nothing it issues is believed longer than itself.
    notAfter: new Date(Math.min(to, issuer.notAfter.getTime())),
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) === 0 ? 'dns' : 'ip', value: name }) as const),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  if (!(await certificate.verify({ publicKey: issuer.publicKey, signatureOnly: true }))) {
    return null
  }
  return { key: key ?? (await pemOfKey(keys.privateKey)), certificate: pemOf(certificate) }
}

async function createKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

async function keysOf(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const privateKey = await importKey(pem)
  const { d: _, key_ops: __, ...publicPart } = await crypto.subtle.exportKey('jwk', privateKey)
  const publicKey = await crypto.subtle.importKey('jwk', publicPart, algorithm, true, ['verify'])
  return { privateKey, publicKey }
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  return await crypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), algorithm, true, ['sign'])
}

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = await crypto.subtle.exportKey('pkcs8', key)
  return `${x509.PemConverter.encode(bytes, x509.PemConverter.PrivateKeyTag)}\n`
}

function pemOf(certificate: x509.X509Certificate): string {
  return `${certificate.toString('pem')}\n`
}

/** As data, so that no character of the name has a meaning. */
function commonName(name: string): x509.Name {
  return new x509.Name([{ CN: [{ utf8String: name }] }])
}

/** Positive, 16 bytes [RFC 5280 §4.1.2.2]. */
function randomSerial(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return Buffer.from(bytes).toString('hex')
}
