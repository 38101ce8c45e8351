/** Who may come in: document software, its credentials, and what it may do for whom. */
import { type OrganId, RelayError, type SystemScope, systemScopes } from '@lienthong/core'
import type { Topology } from '@lienthong/link'
import type { ActRecord, CredentialRecord, CredentialValue, SystemRecord } from '@lienthong/store'
import { digestOf, makeApiKey, makeSecret } from './api-key.ts'
import type { NodeContext } from './context.ts'
import type { IssuedCredentials, NewSystem, Rotation, SystemDoor, SystemView } from './doors.ts'
import { isOver, type KnownSystem, type SystemRegistry, viewOf } from './system-registry.ts'
import { takeTurns } from './turns.ts'
import type { Vault } from './vault.ts'

export interface Systems extends SystemDoor {
  /** Accounts at the broker, by what is known now. */
  accounts(): Required<Pick<Topology, 'systems' | 'gone'>>
  /** Systems that are told of arrivals for this organisation. */
  readersOf(organ: OrganId): readonly string[]
  /** (system, organisation) pairs that webhooks may speak of. */
  hookOwners(): readonly (readonly [system: string, organ: OrganId])[]
}

/** An id is an account at the broker and part of names there. */
const idPattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

export interface SystemParts {
  readonly registry: SystemRegistry
  readonly vault: Vault
  /** The broker's accounts are not what they should be any more. */
  readonly onAccounts: () => void
  /** True when somebody else's account at the broker has this name. */
  readonly isReserved: (id: string) => Promise<boolean>
}

export function createSystemDoor(context: NodeContext, parts: SystemParts): Systems {
  const { registry, vault } = parts
  const { access } = context.store
  const inTurn = takeTurns()

  /** Whether a secret opens never changes while the node runs; each request asks. */
  const readable = new Map<number, boolean>()
  function isReadable(credential: CredentialRecord): boolean {
    const known = readable.get(credential.id) ?? (credential.kind !== 'secret' || opened(credential) !== null)
    readable.set(credential.id, known)
    return known
  }

  function view(system: KnownSystem): SystemView {
    return viewOf(system, registry.credentialsOf(system.id), { now: context.now(), isReadable })
  }

  function opened(credential: CredentialRecord): string | null {
    return credential.kind === 'secret' ? vault.open(credential.sealed, secretPurpose(credential.system)) : null
  }

  function known(id: string): KnownSystem {
    const system = registry.get(id)
    if (system === undefined) throw new RelayError('NOT_FOUND', { detail: { what: id } })
    return system
  }

  function stored(id: string): SystemRecord {
    const { declaredSecret, createdAt, ...rest } = known(id)
    if (declaredSecret !== null) throw new RelayError('SYSTEM_DECLARED', { detail: { system: id } })
    return { ...rest, createdAt: createdAt ?? 0 }
  }

  function served(codes: readonly string[]): readonly OrganId[] {
    const found = codes.map((code) => {
      const listed = context.table.listed(code)
      if (listed === null || listed.node !== context.config.id)
        throw new RelayError('SENDER_NOT_ALLOWED', { detail: { organ: code } })
      return listed.id
    })
    return [...new Set(found)]
  }

  async function checkId(id: string): Promise<void> {
    const { broker, children, parent } = context.config
    const taken = [context.config.id, broker.address.user, parent?.id, ...children.map((child) => child.id)]
    if (!idPattern.test(id) || taken.includes(id)) {
      throw new RelayError('CONFIG_INVALID', { detail: { id, reason: 'no id for a system' } })
    }
    if (registry.get(id) !== undefined || (await parts.isReserved(id))) {
      throw new RelayError('SYSTEM_EXISTS', { detail: { system: id } })
    }
  }

  function made(system: string, kind: 'secret' | 'apiKey'): { text: string; value: CredentialValue } {
    if (kind === 'apiKey') {
      const text = makeApiKey(system)
      return { text, value: { kind, digest: digestOf(text) } }
    }
    const text = makeSecret()
    return { text, value: { kind, sealed: vault.seal(text, secretPurpose(system)) } }
  }

  function recordOf(system: string, value: CredentialValue): CredentialRecord {
    return { ...value, id: 0, system, createdAt: context.now(), expiresAt: null }
  }

  async function write(
    change: { systems?: readonly SystemRecord[]; credentials?: readonly CredentialRecord[] },
    act: Omit<ActRecord, 'at'>,
  ): Promise<void> {
    const credentials = await access.write({ ...change, act: { ...act, at: context.now() } })
    change.systems?.forEach(registry.put)
    registry.putCredentials(credentials)
    readers = null
    parts.onAccounts()
  }

  async function add(request: NewSystem, by: string): Promise<IssuedCredentials> {
    const { id } = request
    await checkId(id)
    const system: SystemRecord = {
      id,
      name: request.name ?? id,
      organisations: served(request.organisations),
      scopes: systemScopes.filter((scope) => request.scopes?.includes(scope) ?? true),
      createdAt: context.now(),
      disabledAt: null,
    }
    const issue = [...new Set(request.issue ?? (['secret', 'apiKey'] as const))]
    const issued = issue.map((kind) => ({ kind, ...made(id, kind) }))
    const detail = { by, system: id, before: null, after: { ...factsOf(system), issued: issue } }
    const credentials = issued.map(({ value }) => recordOf(id, value))
    await write({ systems: [system], credentials }, { type: 'system.add', detail })
    return { ...Object.fromEntries(issued.map(({ kind, text }) => [kind, text])), system: view(known(id)) }
  }

  async function rotate(id: string, request: Rotation, by: string): Promise<IssuedCredentials> {
    const { kind, overlapMs } = request
    if (kind === 'secret') stored(id)
    else known(id)
    const now = context.now()
    const until = now + Math.max(0, overlapMs)
    const issued =
      kind === 'certificate'
        ? { text: null, value: { kind, digest: fingerprintOf(request.fingerprint) } as const }
        : made(id, kind)
    const ending = registry
      .credentialsOf(id)
      .filter((old) => old.kind === kind && !isOver(old, until))
      .map((old) => ({ ...old, expiresAt: until }))
    const detail = { by, system: id, kind, ended: ending.map((old) => old.id), endsAt: until }
    await write({ credentials: [...ending, recordOf(id, issued.value)] }, { type: 'system.rotate', detail })
    return { ...(issued.text === null ? {} : { [kind]: issued.text }), system: view(known(id)) }
  }

  async function change(id: string, request: Parameters<SystemDoor['change']>[1], by: string): Promise<SystemView> {
    const before = stored(id)
    const { name, organisations, scopes, disabled } = request
    const after: SystemRecord = {
      ...before,
      name: name ?? before.name,
      organisations: organisations === undefined ? before.organisations : served(organisations),
      scopes: scopes === undefined ? before.scopes : systemScopes.filter((scope) => scopes.includes(scope)),
      disabledAt: disabled === undefined ? before.disabledAt : disabled ? (before.disabledAt ?? context.now()) : null,
    }
    const type = disabled === true ? 'system.disable' : 'system.change'
    await write(
      { systems: [after] },
      { type, detail: { by, system: id, before: factsOf(before), after: factsOf(after) } },
    )
    return view(known(id))
  }

  function secretsOf(id: string): readonly string[] {
    const system = registry.get(id)
    if (system === undefined || system.disabledAt !== null) return []
    if (system.declaredSecret !== null) return [system.declaredSecret]
    const now = context.now()
    const living = registry.credentialsOf(id).filter((each) => each.kind === 'secret' && !isOver(each, now))
    return living.flatMap((each) => opened(each) ?? []).reverse()
  }

  function active(scope: SystemScope): readonly KnownSystem[] {
    return registry.list().filter(({ disabledAt, scopes }) => disabledAt === null && scopes.includes(scope))
  }

  /** Each arrival asks, so the answer is kept until something changes. */
  let readers: ReadonlyMap<OrganId, readonly string[]> | null = null
  function readersOf(organ: OrganId): readonly string[] {
    readers ??= byOrganisation(active('receive'))
    return readers.get(organ) ?? []
  }

  return {
    list: () => registry.list().map(view),
    get: (id) => {
      const system = registry.get(id)
      return system === undefined ? null : view(system)
    },
    add: (request, by) => inTurn(() => add(request, by)),
    rotate: (id, request, by) => inTurn(() => rotate(id, request, by)),
    change: (id, request, by) => inTurn(() => change(id, request, by)),
    authenticateKey(apiKey) {
      const system = registry.find('apiKey', digestOf(apiKey), context.now())
      return system === undefined ? null : view(system)
    },
    authenticateCertificate(fingerprint) {
      const system = registry.find('certificate', plainHex(fingerprint), context.now())
      return system === undefined ? null : view(system)
    },
    secretsOf,
    actingAs(id, code, scope) {
      const system = registry.get(id)
      const organ = context.table.listed(code)?.id
      if (system === undefined || system.disabledAt !== null || organ === undefined) throw notAllowed(id, code)
      if (!system.organisations.includes(organ)) throw notAllowed(id, code)
      if (!system.scopes.includes(scope)) throw new RelayError('SCOPE_MISSING', { detail: { system: id, scope } })
      return organ
    },
    accounts() {
      const living = registry.list().flatMap(({ id, scopes }) => {
        const [password] = secretsOf(id)
        const notices = scopes.includes('receive')
        return password === undefined || !(notices || scopes.includes('send')) ? [] : [{ id, password, notices }]
      })
      // One whose secret cannot be read keeps the account it has: its password is not known to be wrong.
      const gone = registry.list().filter(({ disabledAt }) => disabledAt !== null)
      return { systems: living, gone: gone.map(({ id }) => id) }
    },
    readersOf,
    hookOwners: () =>
      active('hooks').flatMap(({ id, organisations }) => organisations.map((organ) => [id, organ] as const)),
  }
}

function byOrganisation(systems: readonly KnownSystem[]): ReadonlyMap<OrganId, readonly string[]> {
  const found = new Map<OrganId, string[]>()
  for (const { id, organisations } of systems) {
    for (const organ of organisations) found.set(organ, [...(found.get(organ) ?? []), id])
  }
  return found
}

function secretPurpose(system: string): string {
  return `system ${system} secret`
}

function notAllowed(system: string, organ: string): RelayError {
  return new RelayError('SENDER_NOT_ALLOWED', { detail: { organ, as: system } })
}

function factsOf({ name, organisations, scopes, disabledAt }: SystemRecord): Readonly<Record<string, unknown>> {
  return { name, organisations, scopes, disabledAt }
}

function plainHex(fingerprint: string): string {
  return fingerprint.replaceAll(':', '').toLowerCase()
}

/** Throws USAGE. */
function fingerprintOf(written: string): string {
  const digest = plainHex(written)
  if (!/^[0-9a-f]{64}$/.test(digest)) throw new RelayError('USAGE', { detail: { reason: 'SHA-256 fingerprint' } })
  return digest
}
