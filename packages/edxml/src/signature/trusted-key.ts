/** The key a signature must be made with: registered beforehand, never taken from the packet. */
import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { RelayError } from '@lienthong/core'
import type { SignatureMethod } from './names.ts'
import { refuse } from './refuse.ts'
import type { UnverifiedKeyInfo } from './signature-parts.ts'

export interface TrustedKey {
  /** A certificate, or a bare public key (SPKI). RSA of at least 2048 bits, or ECDSA on P-256. */
  readonly pem: string
  /** @default false */
  readonly revoked?: boolean
  /** ms since the epoch, beside the dates of the certificate. @default no bound */
  readonly notBefore?: number
  /** ms since the epoch, beside the dates of the certificate. @default no bound */
  readonly notAfter?: number
}

/** The certificate a packet carries: a claim, until a registry knows its fingerprint. */
export interface CarriedCertificate {
  /** SHA-256 of its DER, hex. */
  readonly fingerprint: string
  readonly pem: string
}

/**
 * The registered key of an organisation, null when there is none. Both arguments are claims of the packet:
 * the code in its `From`, and the certificate it carries. A registry that pins fingerprints gives the carried
 * certificate back when it knows it.
 */
export type KeyLookup = (
  claimedSender: string | null,
  carried: CarriedCertificate | null,
) => TrustedKey | null | Promise<TrustedKey | null>

export interface SigningKey {
  readonly method: SignatureMethod
  /** SHA-256 of the public key (SPKI), hex. */
  readonly keyFingerprint: string
  /** SHA-256 of the registered certificate, hex; null when a bare key is registered. */
  readonly certificateFingerprint: string | null
}

export interface PublicKey extends SigningKey {
  readonly key: KeyObject
}

const minRsaBits = 2048
const certificateHeading = '-----BEGIN CERTIFICATE-----'

/** Throws SIGNATURE_KEY_REVOKED, _EXPIRED, _UNSUITABLE. */
export function openTrustedKey(trusted: TrustedKey, now: number): PublicKey {
  if (trusted.revoked === true) throw refuse('SIGNATURE_KEY_REVOKED')
  const { key, certificate } = readPem(trusted.pem)
  const from = Math.max(
    trusted.notBefore ?? -Infinity,
    certificate === null ? -Infinity : Date.parse(certificate.validFrom),
  )
  const until = Math.min(
    trusted.notAfter ?? Infinity,
    certificate === null ? Infinity : Date.parse(certificate.validTo),
  )
  if (!(now >= from && now <= until))
    throw refuse('SIGNATURE_KEY_EXPIRED', { from: dateOf(from), until: dateOf(until) })
  if (certificate !== null && !allowsSigning(certificate.raw)) throw unsuitable('keyUsage')
  return {
    key,
    method: suitableMethod(key),
    keyFingerprint: fingerprint(key.export({ type: 'spki', format: 'der' })),
    certificateFingerprint: certificate === null ? null : fingerprint(certificate.raw),
  }
}

/** The method a key signs with. Throws SIGNATURE_KEY_UNSUITABLE. */
export function suitableMethod(key: KeyObject): SignatureMethod {
  const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa') {
    if (modulusLength < minRsaBits) throw unsuitable(`RSA ${modulusLength}`)
    return 'rsa-sha256'
  }
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ecdsa-sha256'
  throw unsuitable([key.asymmetricKeyType, namedCurve].filter(Boolean).join(' '))
}

/** Whether all the packet says of its key agrees with the registered one. */
export function agrees({ certificate, rsa }: UnverifiedKeyInfo, trusted: PublicKey): boolean {
  if (certificate !== null && !isRegistered(certificate, trusted)) return false
  if (rsa === null) return true
  const { n, e } = trusted.key.export({ format: 'jwk' })
  return sameBytes(rsa.modulus, n) && sameBytes(rsa.exponent, e)
}

function isRegistered(certificate: X509Certificate, trusted: PublicKey): boolean {
  if (trusted.certificateFingerprint !== null) return fingerprint(certificate.raw) === trusted.certificateFingerprint
  return fingerprint(certificate.publicKey.export({ type: 'spki', format: 'der' })) === trusted.keyFingerprint
}

export function carried(certificate: X509Certificate): CarriedCertificate {
  return { fingerprint: fingerprint(certificate.raw), pem: certificate.toString() }
}

export function fingerprint(der: Uint8Array): string {
  return createHash('sha256').update(der).digest('hex')
}

export function unsuitable(what: string, cause?: unknown): RelayError {
  return refuse('SIGNATURE_KEY_UNSUITABLE', { what }, cause)
}

function readPem(pem: string): { readonly key: KeyObject; readonly certificate: X509Certificate | null } {
  try {
    if (!pem.includes(certificateHeading)) return { key: createPublicKey(pem), certificate: null }
    const certificate = new X509Certificate(pem)
    return { key: certificate.publicKey, certificate }
  } catch (cause) {
    throw unsuitable('PEM', cause)
  }
}

function sameBytes(base64: string, base64url = ''): boolean {
  const withoutSign = (bytes: Buffer): Buffer => bytes.subarray(bytes.findIndex((byte) => byte !== 0))
  return withoutSign(Buffer.from(base64, 'base64')).equals(withoutSign(Buffer.from(base64url, 'base64url')))
}

function dateOf(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : '…'
}

/** OBJECT IDENTIFIER 2.5.29.15, the extension keyUsage, which Node does not show. */
const keyUsageId = Buffer.from([0x06, 0x03, 0x55, 0x1d, 0x0f])
const bitString = Buffer.from([0x03, 0x02])
/** digitalSignature, and nonRepudiation as X.509 calls it. [RFC 5280 §4.2.1.3] */
const signingBits = 0x80 | 0x40

/** A certificate without keyUsage allows everything. It is registered, so it is searched and not parsed. */
function allowsSigning(der: Buffer): boolean {
  const at = der.indexOf(keyUsageId)
  if (at < 0) return true
  const bits = der.indexOf(bitString, at + keyUsageId.length)
  return bits >= 0 && bits < at + 16 && ((der[bits + 3] ?? 0) & signingBits) !== 0
}
