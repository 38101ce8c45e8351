/**
 * The signature inside a packet, at the door: whether it is asked for, and what it then has to prove (DESIGN §8).
 *
 * Off unless the administrator says otherwise, since most software in the field signs with a placeholder. What counts is
 * a certificate pinned in the directory for the sender; what the packet says of its own key counts for nothing.
 */
import { isDeepStrictEqual } from 'node:util'
import { findCertificate, lookupKey, type OrganId, type Registry, RelayError } from '@lienthong/core'
import { type KeyLookup, openSignatureVerifier, type PacketHeader, type SignatureVerifier } from '@lienthong/edxml'
import type { PayloadRef, PayloadStore } from '@lienthong/store'
import type { RelayLog } from './contract.ts'

/** `ignore`: not looked at. `warn`: looked at, and said in the log. `require`: no document without a good one. */
export const signaturePolicies = ['ignore', 'warn', 'require'] as const
export type SignaturePolicy = (typeof signaturePolicies)[number]

export interface SignatureRules {
  readonly policy: SignaturePolicy
  /** Instead of `policy`, for the documents of one organisation. */
  readonly organisations: Readonly<Record<OrganId, SignaturePolicy>>
}

export interface SignatureGate {
  /** Throws a SIGNATURE_ code for a packet that `require` turns away. */
  check(sender: OrganId, header: PacketHeader, payload: PayloadRef): Promise<void>
  close(): Promise<void>
}

/** A packet is held whole to be verified, bytes; a larger one proves nothing. */
const maxVerifiedBytes = 32 * 1024 * 1024

export function openSignatureGate(parts: {
  readonly rules: SignatureRules
  /** As of now. */
  readonly certificates: () => Pick<Registry, 'certificates'>
  readonly payloads: Pick<PayloadStore, 'stream'>
  readonly log: RelayLog
  readonly now: () => number
}): SignatureGate {
  const { rules, certificates, payloads, log, now } = parts
  const own = new Map(Object.entries(rules.organisations).map(([organ, policy]) => [lookupKey(organ), policy]))
  let verifier: SignatureVerifier | null = null

  async function verify(sender: OrganId, header: PacketHeader, payload: PayloadRef): Promise<void> {
    if (payload.size > maxVerifiedBytes) {
      throw new RelayError('SIGNATURE_TOO_LARGE', { detail: { limit: maxVerifiedBytes } })
    }
    verifier ??= openSignatureVerifier()
    const packet = await whole(payloads.stream(payload.sha256), payload.size)
    const trusted = pinnedFor(sender, certificates(), now())
    const content = await verifier.verify(packet, { profile: 'edxml', trusted, now: now() })
    // The document goes where the header says that was read at the door: it must be the one that was signed.
    if (!isDeepStrictEqual(content.header(), header)) throw new RelayError('SIGNATURE_CONTENT_HIDDEN')
  }

  return {
    async check(sender, header, payload) {
      const policy = own.get(lookupKey(sender)) ?? rules.policy
      if (policy === 'ignore') return
      try {
        await verify(sender, header, payload)
      } catch (error) {
        if (policy === 'require' || !isRefusal(error)) throw error
        const { code, detail } = error
        log('warn', 'a packet without a good signature', { code, detail: { from: sender, ...detail } })
      }
    },
    close: async () => verifier?.close(),
  }
}

/** The certificate the packet carries, when it is one of those pinned for the sender. */
function pinnedFor(sender: OrganId, registry: Pick<Registry, 'certificates'>, now: number): KeyLookup {
  return (_claimed, carried) => {
    if (carried === null) return null
    const found = findCertificate(registry, { organ: sender, fingerprint: carried.fingerprint }, now)
    return found.state === 'unknown'
      ? null
      : { pem: carried.pem, revoked: found.state === 'revoked', ...bounds(found.certificate) }
  }
}

function bounds({ validFrom, validTo }: { readonly validFrom?: number; readonly validTo?: number }) {
  return {
    ...(validFrom === undefined ? {} : { notBefore: validFrom }),
    ...(validTo === undefined ? {} : { notAfter: validTo }),
  }
}

function isRefusal(error: unknown): error is RelayError {
  return error instanceof RelayError && (error.code.startsWith('SIGNATURE_') || error.code === 'NOT_EDXML')
}

async function whole(source: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const packet = Buffer.allocUnsafe(size)
  let at = 0
  for await (const chunk of source) {
    packet.set(chunk, at)
    at += chunk.length
  }
  return packet
}
