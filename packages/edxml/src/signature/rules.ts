/** What a verifier is told, and what its gate makes of it. */
import { type Canonicalization, type Profile, profiles } from './names.ts'

export interface SignaturePolicy {
  /** For SignedInfo and content. Inclusive c14n is safe behind this gate only. @default ['exc-c14n', 'c14n'] */
  readonly canonicalizations?: readonly Canonicalization[]
  /**
   * Lets the signature name one element by its Id instead of the whole packet; everything but the signature must
   * be inside that element, and only the element is what was verified. @default false
   */
  readonly allowById?: boolean
  /** Lets comments be; they are no part of what was verified. @default false */
  readonly allowComments?: boolean
  /**
   * Further namespaces the packet may use; '' stands for none. @default [] for `edxml`; for `generic` any whose name
   * hides nothing
   */
  readonly namespaces?: readonly string[]
  /** @default 32 MiB */
  readonly maxBytes?: number
  /** @default 100_000 */
  readonly maxElements?: number
}

const mebibyte = 1024 * 1024

export const defaultPolicy: Required<SignaturePolicy> = {
  canonicalizations: ['exc-c14n', 'c14n'],
  allowById: false,
  allowComments: false,
  namespaces: [],
  maxBytes: 32 * mebibyte,
  maxElements: 100_000,
}

/** A policy made ready for one profile. */
export interface StrictRules {
  readonly profile: Profile
  readonly canonicalizations: ReadonlySet<Canonicalization>
  readonly allowById: boolean
  readonly allowComments: boolean
  /** null: any whose name hides nothing. */
  readonly namespaces: ReadonlySet<string> | null
  readonly maxBytes: number
  readonly maxElements: number
  readonly maxDepth: number
  /** Of one element, declarations included. */
  readonly maxAttributes: number
}

export function rulesOf(profile: Profile, policy: SignaturePolicy = {}): StrictRules {
  const whole = { ...defaultPolicy, ...policy }
  const anyNamespace = profile === 'generic' && policy.namespaces === undefined
  return {
    ...whole,
    profile,
    canonicalizations: new Set(whole.canonicalizations),
    namespaces: anyNamespace ? null : new Set([...profiles[profile].namespaces, ...whole.namespaces]),
    maxDepth: 64,
    maxAttributes: 64,
  }
}
