/**
 * Document software as this node knows it, in memory: what node.yaml declares and what the store holds, by every name a
 * request may come under. Each request asks, so nothing here waits for the disk.
 */
import { systemScopes } from '@lienthong/core'
import type { CredentialRecord, SystemRecord } from '@lienthong/store'
import type { SystemAccount } from './contract.ts'
import type { CredentialView, SystemView } from './doors.ts'

export interface KnownSystem extends Omit<SystemRecord, 'createdAt'> {
  readonly createdAt: number | null
  /** The secret of a declared one. */
  readonly declaredSecret: string | null
}

export interface SystemRegistry {
  get(id: string): KnownSystem | undefined
  list(): readonly KnownSystem[]
  /** All of them, also expired ones, oldest first. */
  credentialsOf(id: string): readonly CredentialRecord[]
  /** By the digest of an API key or certificate; undefined when it is unknown, expired, or its system disabled. */
  find(kind: 'apiKey' | 'certificate', digest: string, now: number): KnownSystem | undefined
  put(system: SystemRecord): void
  putCredentials(credentials: readonly CredentialRecord[]): void
}

/** A declared system hides a stored one of the same id. */
export function createRegistry(
  declared: readonly SystemAccount[],
  loaded: { readonly systems: readonly SystemRecord[]; readonly credentials: readonly CredentialRecord[] },
): SystemRegistry {
  const systems = new Map<string, KnownSystem>()
  const bySystem = new Map<string, Map<number, CredentialRecord>>()
  const byDigest = new Map<string, CredentialRecord>()

  const registry: SystemRegistry = {
    get: (id) => systems.get(id),
    list: () => [...systems.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    credentialsOf: (id) => [...(bySystem.get(id)?.values() ?? [])],
    find(kind, digest, now) {
      const credential = byDigest.get(`${kind} ${digest}`)
      if (credential === undefined || isOver(credential, now)) return undefined
      const system = systems.get(credential.system)
      return system === undefined || system.disabledAt !== null ? undefined : system
    },
    put(system) {
      systems.set(system.id, { ...system, declaredSecret: null })
    },
    putCredentials(changed) {
      for (const credential of changed) {
        const own = bySystem.get(credential.system) ?? new Map<number, CredentialRecord>()
        bySystem.set(credential.system, own.set(credential.id, credential))
        if (credential.kind !== 'secret') byDigest.set(`${credential.kind} ${credential.digest}`, credential)
      }
    },
  }
  loaded.systems.forEach(registry.put)
  registry.putCredentials(loaded.credentials)
  for (const { id, secret, organisations } of declared) {
    const base = { id, name: id, organisations, scopes: systemScopes, createdAt: null, disabledAt: null }
    systems.set(id, { ...base, declaredSecret: secret })
  }
  return registry
}

export function isOver({ expiresAt }: CredentialRecord, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}

export function viewOf(
  system: KnownSystem,
  credentials: readonly CredentialRecord[],
  options: { readonly now: number; readonly isReadable: (credential: CredentialRecord) => boolean },
): SystemView {
  const { declaredSecret, ...shown } = system
  const declared = declaredSecret !== null
  const own: CredentialView[] = declared
    ? [{ id: 0, kind: 'secret', createdAt: null, expiresAt: null, readable: true }]
    : []
  const stored = credentials.filter((credential) => !isOver(credential, options.now))
  return {
    ...shown,
    declared,
    credentials: [
      ...own,
      ...stored.map((credential) => ({
        id: credential.id,
        kind: credential.kind,
        createdAt: credential.createdAt,
        expiresAt: credential.expiresAt,
        readable: options.isReadable(credential),
      })),
    ],
  }
}
