/**
 * What a node wants of its vhost, as plain data in the form of the broker's definitions.
 *
 * ```
 *  systems ─▶ (lt.submit) ──────────────▶ lt.submit
 *  child c ─▶ (lt.from.c) ─ express|bulk ▶ lt.transit.express|bulk
 *  node ────▶ (lt.out)    ─ queue name ──▶ lt.up.express|bulk, lt.link.c.express|bulk
 *  node ────▶ (lt.dead)   ──────────────▶ lt.dead ◀── dead-lettered by the broker
 *  node ────▶ (lt.notify) ─ system id ──▶ lt.notify.<system>
 *  invited ─▶ (lt.join)   ──────────────▶ lt.join
 * ```
 *
 * Notices may be lost, so their queues are classic ones that drop the oldest. The node decides whom it tells: a system
 * reads its own queue and binds nothing, and an organisation taken from it is told of no more from that moment on.
 *
 * Only the queue type and single-active-consumer are arguments, which can never be changed; all else is policy.
 */
import { lanes, RelayError } from '@lienthong/core'
import type { QueueLimits, Topology } from './contract.ts'
import { checkAccountId, literalPattern, names } from './names.ts'

export interface QueueDefinition {
  readonly name: string
  readonly vhost: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface ExchangeDefinition {
  readonly name: string
  readonly vhost: string
  readonly type: string
  readonly durable: boolean
  readonly auto_delete: boolean
  readonly internal: boolean
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface BindingDefinition {
  readonly source: string
  readonly vhost: string
  readonly destination: string
  readonly destination_type: 'queue'
  readonly routing_key: string
  readonly arguments: Readonly<Record<string, unknown>>
}

export interface PolicyDefinition {
  readonly vhost: string
  readonly name: string
  readonly pattern: string
  readonly 'apply-to': string
  readonly priority: number
  readonly definition: Readonly<Record<string, string | number>>
}

export interface PermissionDefinition {
  readonly user: string
  readonly vhost: string
  readonly configure: string
  readonly write: string
  readonly read: string
}

export interface UserDefinition {
  readonly name: string
  readonly password: string
  readonly tags: string
}

/** The body of `POST /api/definitions`, as far as a node fills it. */
export interface Definitions {
  readonly vhosts: readonly { readonly name: string }[]
  readonly users: readonly UserDefinition[]
  readonly permissions: readonly PermissionDefinition[]
  readonly policies: readonly PolicyDefinition[]
  readonly queues: readonly QueueDefinition[]
  readonly exchanges: readonly ExchangeDefinition[]
  readonly bindings: readonly BindingDefinition[]
}

export const queueLimitDefaults: QueueLimits = {
  linkQueueBytes: 1024 ** 3,
  spoolBytes: 4 * 1024 ** 3,
}

/**
 * Each lost connection counts one delivery for every unacked message, so the limit must be out of reach of any number
 * of outages. Never −1: RabbitMQ 3.10 takes it as zero and dead-letters at the first return.
 */
const deliveryLimit = 1_000_000

/** Notices of one system kept at once, and how long: it looks into its mailboxes anyway after a pause. */
const maxNotices = 10_000
const noticeTtlMs = 24 * 3_600_000

/** Requests to join that wait at once. */
const maxRequests = 1_000

/** Above what an operator's catch-all policy usually has; an operator who means it can go higher. */
const policyPriority = 10

const everything = '.*'
const nothing = '^$'

/**
 * The definitions of a node. `owner` is the node's own account, which gets all rights on the vhost.
 * Throws CONFIG_INVALID for an id that is no id, or stands for two accounts.
 */
export function definitionsOf(topology: Topology, vhost: string, owner: string): Definitions {
  checkAccounts(topology, owner)
  const children = topology.children.map((child) => child.id)
  const accounts = topology.children.filter(hasPassword)
  return {
    vhosts: [{ name: vhost }],
    users: [...accounts, ...topology.systems, ...guestsOf(topology)].map(({ id, password }) => ({
      name: id,
      password,
      tags: '',
    })),
    permissions: [
      { user: owner, vhost, configure: everything, write: everything, read: everything },
      ...accounts.map(({ id }) => childPermission(id, vhost)),
      ...topology.systems.map((system) => systemPermission(system, vhost)),
      ...guestsOf(topology).map(({ id }) => guestPermission(id, vhost)),
    ],
    policies: [...policies(topology.limits, vhost), ...joinPolicies(topology, vhost)],
    queues: [...queues(children, vhost), ...noticeQueues(topology, vhost), ...joinQueues(topology, vhost)],
    exchanges: [...exchanges(children, vhost), ...joinExchanges(topology, vhost)],
    bindings: [
      ...bindings(children, vhost),
      ...noticeBindings(topology, vhost),
      ...joinQueues(topology, vhost).map(({ name }) => binding(names.join, name, '', vhost)),
    ],
  }
}

type System = Topology['systems'][number]
type Child = Topology['children'][number]

function hasPassword(child: Child): child is Child & { readonly password: string } {
  return child.password !== null
}

/** One name is one account: two meanings would add up their permissions. */
function checkAccounts(topology: Topology, owner: string): void {
  const { children, systems } = topology
  const guests = guestsOf(topology)
  const seen = new Set([owner])
  for (const { id } of [...children, ...systems, ...guests]) {
    checkAccountId(id)
    if (seen.has(id)) throw new RelayError('CONFIG_INVALID', { detail: { id, reason: 'names two accounts' } })
    seen.add(id)
  }
}

/** What the account of a child may do; nobody else has just these rights. */
export function childPermission(child: string, vhost: string): PermissionDefinition {
  return {
    user: child,
    vhost,
    configure: nothing,
    write: `^${literalPattern(names.from(child))}$`,
    read: `^lt\\.link\\.${literalPattern(child)}\\.(${lanes.join('|')})$`,
  }
}

/** Answers come by direct reply-to, which needs no permission of its own. */
export function guestPermission(user: string, vhost: string): PermissionDefinition {
  return { user, vhost, configure: nothing, write: `^${literalPattern(names.join)}$`, read: nothing }
}

function guestsOf({ invitations = [] }: Topology): readonly { readonly id: string; readonly password: string }[] {
  return invitations.map(({ id, password }) => ({ id: names.guest(id), password }))
}

/** There once somebody has been invited. Who asks and hears nothing asks again, so that a classic queue will do. */
function joinQueues({ invitations }: Topology, vhost: string): readonly QueueDefinition[] {
  if (invitations === undefined) return []
  return [{ name: names.join, vhost, durable: true, auto_delete: false, arguments: { 'x-queue-type': 'classic' } }]
}

function joinExchanges({ invitations }: Topology, vhost: string): readonly ExchangeDefinition[] {
  return invitations === undefined ? [] : [exchange(names.join, 'fanout', vhost)]
}

/** Direct reply-to needs no permission of its own. */
function systemPermission({ id, notices = false }: System, vhost: string): PermissionDefinition {
  const read = notices ? `^${literalPattern(names.notices(id))}$` : nothing
  return { user: id, vhost, configure: nothing, write: `^${literalPattern(names.submit)}$`, read }
}

function noticeQueues({ systems }: Topology, vhost: string): readonly QueueDefinition[] {
  return systems
    .filter(({ notices }) => notices === true)
    .map(({ id }) => ({
      name: names.notices(id),
      vhost,
      durable: true,
      auto_delete: false,
      arguments: { 'x-queue-type': 'classic' },
    }))
}

function noticeBindings({ systems }: Topology, vhost: string): readonly BindingDefinition[] {
  return systems
    .filter(({ notices }) => notices === true)
    .map(({ id }) => binding(names.notify, names.notices(id), id, vhost))
}

/**
 * Overflow is reject-publish everywhere, also where there is no limit: dead-lettering at-least-once needs it and
 * becomes at-most-once without a word when it is missing. Nobody rejects; dead-lettering is the net under the limit.
 */
function policies({ linkQueueBytes, spoolBytes }: QueueLimits, vhost: string): readonly PolicyDefinition[] {
  const kept = {
    'delivery-limit': deliveryLimit,
    overflow: 'reject-publish',
    'dead-letter-exchange': names.dead,
    'dead-letter-strategy': 'at-least-once',
  }
  const policy = policyIn(vhost)
  return [
    policy('lt-link', '^lt\\.link\\.', { ...kept, 'max-length-bytes': linkQueueBytes }),
    policy('lt-up', '^lt\\.up\\.', { ...kept, 'max-length-bytes': spoolBytes }),
    policy('lt-in', '^lt\\.(submit$|transit\\.)', kept),
    policy('lt-notify', '^lt\\.notify\\.', {
      'message-ttl': noticeTtlMs,
      'max-length': maxNotices,
      overflow: 'drop-head',
    }),
    policy('lt-dead', '^lt\\.dead$', { 'delivery-limit': deliveryLimit }),
  ]
}

function policyIn(vhost: string) {
  return (name: string, pattern: string, definition: Readonly<Record<string, string | number>>): PolicyDefinition => ({
    vhost,
    name,
    pattern,
    'apply-to': 'queues',
    priority: policyPriority,
    definition,
  })
}

function joinPolicies({ invitations }: Topology, vhost: string): readonly PolicyDefinition[] {
  if (invitations === undefined) return []
  return [policyIn(vhost)('lt-join', '^lt\\.join$', { 'max-length': maxRequests, overflow: 'drop-head' })]
}

function queues(children: readonly string[], vhost: string): readonly QueueDefinition[] {
  const queue = (name: string, singleActiveConsumer: boolean): QueueDefinition => ({
    name,
    vhost,
    durable: true,
    auto_delete: false,
    arguments: { 'x-queue-type': 'quorum', ...(singleActiveConsumer ? { 'x-single-active-consumer': true } : {}) },
  })
  return [
    queue(names.submit, false),
    queue(names.dead, false),
    ...lanes.flatMap((lane) => [
      queue(names.transit(lane), true),
      queue(names.up(lane), true),
      ...children.map((child) => queue(names.link(child, lane), true)),
    ]),
  ]
}

function exchanges(children: readonly string[], vhost: string): readonly ExchangeDefinition[] {
  return [
    // The routing key is the sending organisation: any key reaches the queue and stays readable.
    exchange(names.submit, 'fanout', vhost),
    exchange(names.dead, 'fanout', vhost),
    exchange(names.out, 'direct', vhost),
    exchange(names.notify, 'direct', vhost),
    ...children.map((child) => exchange(names.from(child), 'direct', vhost)),
  ]
}

function exchange(name: string, type: string, vhost: string): ExchangeDefinition {
  return { name, vhost, type, durable: true, auto_delete: false, internal: false, arguments: {} }
}

function bindings(children: readonly string[], vhost: string): readonly BindingDefinition[] {
  const out = (queue: string): BindingDefinition => binding(names.out, queue, queue, vhost)
  return [
    binding(names.submit, names.submit, '', vhost),
    binding(names.dead, names.dead, '', vhost),
    ...lanes.flatMap((lane) => [
      out(names.up(lane)),
      ...children.flatMap((child) => [
        out(names.link(child, lane)),
        binding(names.from(child), names.transit(lane), lane, vhost),
      ]),
    ]),
  ]
}

function binding(source: string, destination: string, routingKey: string, vhost: string): BindingDefinition {
  return { source, vhost, destination, destination_type: 'queue', routing_key: routingKey, arguments: {} }
}
