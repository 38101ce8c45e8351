/**
 * What is missing of a topology, and what stands in its way: a pure comparison of what is wanted with what is there.
 *
 * Missing accounts, rights, queues, exchanges and bindings are made; policies, rights and passwords that differ are set
 * anew. A queue or exchange of the wrong kind is never touched, since mending it means deleting it: that is for a person,
 * who gets the command. Anything else in the vhost is left alone.
 */
import { createHash } from 'node:crypto'
import type { Topology } from './contract.ts'
import { names } from './names.ts'
import {
  type BindingDefinition,
  childPermission,
  type Definitions,
  type ExchangeDefinition,
  guestPermission,
  type PermissionDefinition,
  type PolicyDefinition,
  type QueueDefinition,
  type UserDefinition,
} from './topology.ts'

/** What is there, as the management API tells it. */
export interface BrokerSnapshot {
  readonly vhost: boolean
  /** null when they were not asked for. */
  readonly users: readonly ActualUser[] | null
  readonly permissions: readonly PermissionDefinition[]
  readonly policies: readonly PolicyDefinition[]
  readonly queues: readonly Omit<QueueDefinition, 'vhost'>[]
  readonly exchanges: readonly Omit<ExchangeDefinition, 'vhost'>[]
  readonly bindings: readonly Pick<BindingDefinition, 'source' | 'destination' | 'routing_key'>[]
}

export interface ActualUser {
  readonly name: string
  readonly password_hash: string
  readonly hashing_algorithm: string
  readonly tags: readonly string[] | string
}

/** An object that is not what it should be and cannot be changed in place. */
export interface Difference {
  /** `queue lt.submit` */
  readonly object: string
  readonly expected: string
  readonly found: string
  /** A command for an operator; running it may need a look at what the object holds. */
  readonly mend: string
}

export interface TopologyPlan {
  /** The part of the wanted definitions that must be declared. */
  readonly missing: Definitions
  readonly differences: readonly Difference[]
}

export function planTopology(wanted: Definitions, found: BrokerSnapshot): TopologyPlan {
  const users = new Map(found.users?.map((user) => [user.name, user]))
  const permissions = new Map(found.permissions.map((permission) => [permission.user, permission]))
  const policies = new Map(found.policies.map((policy) => [policy.name, policy]))
  const queues = new Map(found.queues.map((queue) => [queue.name, queue]))
  const exchanges = new Map(found.exchanges.map((exchange) => [exchange.name, exchange]))
  const bindings = new Set(found.bindings.map(bindingKey))
  return {
    missing: {
      vhosts: found.vhost ? [] : wanted.vhosts,
      users: found.users === null ? [] : wanted.users.filter((user) => !sameUser(user, users.get(user.name))),
      permissions: wanted.permissions.filter((each) => !samePermission(each, permissions.get(each.user))),
      policies: wanted.policies.filter((policy) => !samePolicy(policy, policies.get(policy.name))),
      queues: wanted.queues.filter(({ name }) => !queues.has(name)),
      exchanges: wanted.exchanges.filter(({ name }) => !exchanges.has(name)),
      bindings: wanted.bindings.filter((binding) => !bindings.has(bindingKey(binding))),
    },
    differences: [
      ...wanted.users.flatMap((user) => userDifference(users.get(user.name))),
      ...wanted.queues.flatMap((queue) => queueDifference(queue, queues.get(queue.name))),
      ...wanted.exchanges.flatMap((exchange) => exchangeDifference(exchange, exchanges.get(exchange.name))),
    ],
  }
}

/**
 * What those who are gone still have here. Never what is wanted: an id may have come back as something else. A child that
 * is none any more is known by its rights, so that nobody need remember it.
 */
export function shutOut(
  { gone = [] }: Topology,
  wanted: Definitions,
  found: BrokerSnapshot,
): {
  readonly users: readonly string[]
  /** Of those, accounts that are nobody else's: they go with their rights. */
  readonly guests: readonly string[]
  readonly queues: readonly string[]
} {
  const kept = new Set([...wanted.permissions.map(({ user }) => user), ...wanted.queues.map(({ name }) => name)])
  const left = new Set(gone)
  const users = found.permissions
    .filter((permission) => left.has(permission.user) || isChild(permission) || isGuest(permission))
    .map(({ user }) => user)
    .filter((user) => !kept.has(user))
  const notices = gone.map((id) => names.notices(id))
  return {
    users,
    guests: found.permissions.filter(isGuest).flatMap(({ user }) => (users.includes(user) ? [user] : [])),
    queues: notices.filter((name) => !kept.has(name) && found.queues.some((queue) => queue.name === name)),
  }
}

function isChild(permission: PermissionDefinition): boolean {
  return samePermission(childPermission(permission.user, permission.vhost), permission)
}

function isGuest(permission: PermissionDefinition): boolean {
  const { user, vhost } = permission
  return user.startsWith(names.guest('')) && samePermission(guestPermission(user, vhost), permission)
}

/** Number of objects in a set of definitions. */
export function sizeOf(definitions: Definitions): number {
  return Object.values(definitions).reduce((sum: number, objects: readonly unknown[]) => sum + objects.length, 0)
}

function bindingKey({ source, destination, routing_key }: BrokerSnapshot['bindings'][number]): string {
  return JSON.stringify([source, destination, routing_key])
}

/** Setting the same password again would be harmless and needless; the salted hash tells. */
function sameUser(wanted: UserDefinition, actual: ActualUser | undefined): boolean {
  if (actual === undefined || actual.hashing_algorithm !== 'rabbit_password_hashing_sha256') return false
  const stored = Buffer.from(actual.password_hash, 'base64')
  const salt = stored.subarray(0, 4)
  return createHash('sha256').update(salt).update(wanted.password).digest().equals(stored.subarray(4))
}

function samePermission(wanted: PermissionDefinition, actual: PermissionDefinition | undefined): boolean {
  return (
    actual !== undefined &&
    wanted.configure === actual.configure &&
    wanted.write === actual.write &&
    wanted.read === actual.read
  )
}

function samePolicy(wanted: PolicyDefinition, actual: PolicyDefinition | undefined): boolean {
  return (
    actual !== undefined &&
    wanted.pattern === actual.pattern &&
    wanted['apply-to'] === actual['apply-to'] &&
    wanted.priority === actual.priority &&
    canonical(wanted.definition) === canonical(actual.definition)
  )
}

/** An account with tags is somebody's who administers: taking it over would change their password. */
function userDifference(actual: ActualUser | undefined): readonly Difference[] {
  const tags = actual === undefined ? '' : String(actual.tags)
  if (actual === undefined || tags === '') return []
  return [
    {
      object: `user ${actual.name}`,
      expected: 'no tags',
      found: `tags ${tags}`,
      mend: `rabbitmqctl set_user_tags ${actual.name}`,
    },
  ]
}

function queueDifference(
  wanted: QueueDefinition,
  actual: Omit<QueueDefinition, 'vhost'> | undefined,
): readonly Difference[] {
  if (actual === undefined) return []
  const expected = describeQueue(wanted)
  const found = describeQueue(actual)
  if (expected === found) return []
  const mend = `rabbitmqctl -p '${wanted.vhost}' delete_queue ${wanted.name} --if-empty`
  return [{ object: `queue ${wanted.name}`, expected, found, mend }]
}

function exchangeDifference(
  wanted: ExchangeDefinition,
  actual: Omit<ExchangeDefinition, 'vhost'> | undefined,
): readonly Difference[] {
  if (actual === undefined) return []
  const expected = describeExchange(wanted)
  const found = describeExchange(actual)
  if (expected === found) return []
  const mend = `rabbitmqadmin -V '${wanted.vhost}' delete exchange name=${wanted.name}`
  return [{ object: `exchange ${wanted.name}`, expected, found, mend }]
}

function describeQueue(queue: Omit<QueueDefinition, 'vhost'>): string {
  return describe(queue, canonical(queue.arguments))
}

function describeExchange(exchange: Omit<ExchangeDefinition, 'vhost'>): string {
  const kind = exchange.internal ? `${exchange.type} internal` : exchange.type
  return `${kind} ${describe(exchange, canonical(exchange.arguments))}`
}

function describe(object: { readonly durable: boolean; readonly auto_delete: boolean }, argumentsText: string): string {
  return `${object.durable ? 'durable' : 'transient'}${object.auto_delete ? ' auto-delete' : ''} ${argumentsText}`
}

function canonical(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)))
}
