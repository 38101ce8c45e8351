/**
 * What a verifier and its thread say to each other. Verifications go one after the other, but one that was given
 * up may still answer when the next is under way: hence the number.
 */
import type { ErrorCode, ErrorDetail } from '@lienthong/core'
import type { CarriedCertificate, SigningKey, TrustedKey } from './trusted-key.ts'
import type { VerifyOptions } from './verify-signature.ts'

export interface VerifyRequest {
  readonly kind: 'verify'
  readonly id: number
  readonly packet: Uint8Array
  /** `trusted` null: ask for it. */
  readonly options: Omit<VerifyOptions, 'trusted'> & { readonly trusted: string | TrustedKey | null }
}

export interface KeyAnswer {
  readonly kind: 'key'
  readonly key: TrustedKey | null
}

export interface KeyQuestion {
  readonly kind: 'which-key'
  readonly id: number
  readonly claimedSender: string | null
  readonly carried: CarriedCertificate | null
}

export interface VerifiedReport {
  readonly kind: 'verified'
  readonly id: number
  readonly bytes: Uint8Array
  readonly signedWith: SigningKey
}

export interface RefusedReport {
  readonly kind: 'refused'
  readonly id: number
  readonly code: ErrorCode
  readonly detail: ErrorDetail
}

export type ToThread = VerifyRequest | KeyAnswer
export type FromThread = KeyQuestion | VerifiedReport | RefusedReport
