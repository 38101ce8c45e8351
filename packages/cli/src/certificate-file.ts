/** Certificates organisations sign with, as files. The directory keeps the fingerprint and the period, never the chain. */
import { X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { clockAllowanceMs, RelayError } from '@lienthong/core'
import type { Context } from './command.ts'
import { writtenInstant } from './config/instant.ts'
import { readSmallFile } from './config/read-file.ts'

const maxCertificateBytes = 64 * 1024
const shortestRsaBits = 2048

export interface PinnedCertificate {
  readonly fingerprint: string
  readonly validFrom: number
  readonly validTo: number
}

/** One that may be pinned: X.509, not ended, no short RSA key. Throws FILE_UNREADABLE, CERTIFICATE_INVALID. */
export async function readCertificate(file: string, context: Context): Promise<PinnedCertificate> {
  const certificate = await parse(file, context)
  const [validFrom, validTo] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
  const { modulusLength: bits } = certificate.publicKey.asymmetricKeyDetails ?? {}
  if (certificate.publicKey.asymmetricKeyType === 'rsa' && bits !== undefined && bits < shortestRsaBits) {
    throw invalid(context.say('certificate.weak', { bits }))
  }
  if (validTo + clockAllowanceMs < Date.now()) {
    throw invalid(context.say('certificate.ended', { day: writtenInstant(validTo).slice(0, 10) }))
  }
  return { fingerprint: printOf(certificate), validFrom, validTo }
}

/** SHA-256 of the DER, hex, of any certificate, good or not. Throws FILE_UNREADABLE, CERTIFICATE_INVALID. */
export async function fingerprintOf(file: string, context: Context): Promise<string> {
  return printOf(await parse(file, context))
}

async function parse(file: string, context: Context): Promise<X509Certificate> {
  const path = resolve(context.terminal.workingDir, file)
  const text = await readSmallFile(path, { shown: file, maxBytes: maxCertificateBytes })
  try {
    return new X509Certificate(text)
  } catch {
    throw invalid(context.say('certificate.notX509', { file }))
  }
}

function printOf({ fingerprint256 }: X509Certificate): string {
  return fingerprint256.replaceAll(':', '').toLowerCase()
}

function invalid(reason: string): RelayError {
  return new RelayError('CERTIFICATE_INVALID', { detail: { reason } })
}
