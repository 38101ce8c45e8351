/** The other end of the door for administration: a running node, as a command sees it. */
import type { Coverage, OperatorRole, OrganId, RouteExplanation } from '@lienthong/core'
import type { MailPage, RecallReply } from '@lienthong/gateway/admin-protocol'
import type {
  DiagnosisDoor,
  IssuedCredentials,
  IssuedKey,
  LinkDoor,
  NewSystem,
  NodeHealth,
  NodeStatus,
  OperatorChange,
  OperatorView,
  Rotation,
  SplitDoor,
  SubmitReply,
  SystemChange,
  SystemView,
  WhereDocument,
} from '@lienthong/relay'
import type { MailItem, TrackedDocument, TrackKey, TrafficOptions, TrafficPage } from '@lienthong/store'
import { actor } from '../actor.ts'
import { bridgeCalls, type ControlledBridging } from './bridge-calls.ts'
import { bundleCalls, type ControlledBundles } from './bundle-calls.ts'
import { type Calls, type ControlledDeclared, type ControlledOrganisations, declaredCalls } from './declared-calls.ts'
import { readHeaded } from './headed-body.ts'
import { type ControlledJoining, joiningCalls } from './joining-calls.ts'
import { checkSocketPath } from './socket-path.ts'
import { splitCalls } from './split-calls.ts'
import { askJson, type NodeAddress, type Query } from './transport.ts'

/**
 * A running node. Every call throws NODE_NOT_RUNNING when nothing listens or the node goes away (NODE_UNREACHABLE over
 * HTTPS), CONTROL_DENIED when this user may not open the socket, OPERATOR_DENIED and ROLE_MISSING over HTTPS, and
 * whatever the node refuses with.
 */
export interface ControlClient {
  /** `body` is read as fast as the node takes it; an error it throws is passed on and nothing is accepted. */
  submit(
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options: { readonly as: OrganId; readonly to?: readonly string[] },
  ): Promise<SubmitReply>
  /** By a recall, or by a status 13 to each recipient. */
  recall(uid: string, request: RecallRequest): Promise<RecallReply>
  /** Oldest first. `limit` at most 1000, default 100. */
  list(as: OrganId, options?: { after?: number; limit?: number; all?: boolean }): Promise<MailPage>
  /**
   * The body must be read to its end, or left by `return`, to free the connection. It throws
   * DIGEST_MISMATCH at its end when the bytes are not those of the document.
   */
  read(as: OrganId, id: number): Promise<{ readonly item: MailItem; readonly body: AsyncIterable<Uint8Array> }>
  acknowledge(as: OrganId, id: number): Promise<MailItem>
  track(key: TrackKey): Promise<readonly TrackedDocument[]>
  /** Who sent how many documents to whom, a page at a time. */
  traffic(options: TrafficOptions): Promise<TrafficPage>
  /** `at`: the instant the document would be handed in, ms. */
  explain(from: string, to: string, at: number): Promise<RouteExplanation>
  status(): Promise<NodeStatus>
  /** All that an operator looks at. */
  health(): Promise<NodeHealth>
  /** How far the tree below it is connected, as far as it knows. */
  coverage(): Promise<Coverage>
  readonly links: LinkDoor
  readonly diagnosis: DiagnosisDoor
  readonly systems: ControlledSystems
  readonly operators: ControlledOperators
  readonly declared: ControlledDeclared
  readonly organisations: ControlledOrganisations
  readonly joining: ControlledJoining
  readonly bridging: ControlledBridging
  readonly bundles: ControlledBundles
  readonly splits: SplitDoor
}

/** What of a sent document is taken back, and why. */
export interface RecallRequest {
  readonly as: OrganId
  readonly act: 'recall' | 'take-back'
  readonly reason: string
  readonly to: readonly OrganId[]
  /** Of a recall. @default the organisation */
  readonly signer?: string
}

/** Document software of the node; `by` is who does it. */
export interface ControlledSystems {
  list(): Promise<readonly SystemView[]>
  add(request: NewSystem, by: string): Promise<IssuedCredentials>
  rotate(id: string, request: Rotation, by: string): Promise<IssuedCredentials>
  change(id: string, request: SystemChange, by: string): Promise<SystemView>
}

/** Those who administer the node from elsewhere. */
export interface ControlledOperators {
  list(): Promise<readonly OperatorView[]>
  add(
    request: { readonly id: string; readonly name?: string; readonly role: OperatorRole },
    by: string,
  ): Promise<IssuedKey>
  rotate(id: string, request: { readonly overlapMs: number }, by: string): Promise<IssuedKey>
  change(id: string, request: OperatorChange, by: string): Promise<OperatorView>
}

/** Says where the node is; connects at each call, so there is nothing to close. Throws CONTROL_PATH_TOO_LONG. */
export function connectControl(address: string | NodeAddress): ControlClient {
  const node = typeof address === 'string' ? { socketPath: address } : address
  if ('socketPath' in node) checkSocketPath(node.socketPath)
  const by = actor()
  const calls = callsTo(node)
  const { get, post } = calls
  return {
    submit: (body, { as, to = [] }) =>
      askJson({ node, method: 'POST', path: '/documents', query: { as, to, by }, body }),
    recall: (uid, { as, act, ...form }) => post(`/documents/${uid}/${act}`, { as, by }, form),
    list: (as, options = {}) => get('/mailbox', { as, ...options }),
    read: (as, id) => readMail(node, id, { as, by }),
    acknowledge: (as, id) => post(`/mailbox/${id}/ack`, { as, by }),
    track: (key) => get('/track', { ...key }),
    traffic: (options) => get('/traffic', { ...options }),
    explain: (from, to, at) => get('/routes', { from, to, at }),
    status: () => get('/status', {}),
    health: () => get('/health', {}),
    coverage: () => get('/coverage', {}),
    links: linkCalls(calls),
    diagnosis: diagnosisCalls(calls),
    systems: systemCalls(calls),
    operators: operatorCalls(calls),
    ...declaredCalls(calls),
    joining: joiningCalls(calls),
    bridging: bridgeCalls(calls),
    bundles: bundleCalls(node, calls, by),
    splits: splitCalls(calls),
  }
}

function callsTo(node: NodeAddress): Calls {
  return {
    get: (path, query) => askJson({ node, method: 'GET', path, query }),
    post: (path, query, body) =>
      askJson({
        node,
        method: 'POST',
        path,
        query,
        ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
      }),
  }
}

function systemCalls({ get, post }: Calls): ControlledSystems {
  const pathOf = (id: string, act: string) => `/systems/${encodeURIComponent(id)}/${act}`
  return {
    list: () => get('/systems', {}),
    add: ({ id, name, organisations, scopes, issue }, by) =>
      post('/systems', { id, name, organ: organisations, scope: scopes, issue, by }),
    rotate: (id, request, by) => post(pathOf(id, 'rotate'), { ...request, by }),
    change: (id, { organisations, scopes, ...rest }, by) =>
      post(pathOf(id, 'change'), { ...rest, organ: organisations, scope: scopes, by }),
  }
}

function operatorCalls({ get, post }: Calls): ControlledOperators {
  const pathOf = (id: string, act: string) => `/operators/${encodeURIComponent(id)}/${act}`
  return {
    list: () => get('/operators', {}),
    add: (request, by) => post('/operators', { ...request, by }),
    rotate: (id, request, by) => post(pathOf(id, 'rotate'), { ...request, by }),
    change: (id, request, by) => post(pathOf(id, 'change'), { ...request, by }),
  }
}

function linkCalls({ get, post }: Calls): LinkDoor {
  const pathOf = (id: string, act: string) => `/links/${encodeURIComponent(id)}${act}`
  return {
    list: () => get('/links', {}),
    get: (id) => get(pathOf(id, ''), {}),
    stop: (id, { stop, until, reason }, by) => post(pathOf(id, `/${stop}`), { until: until ?? undefined, reason, by }),
    resume: (id, by) => post(pathOf(id, '/resume'), { by }),
    throttle: (id, { bytesPerSecond, reason }, by) =>
      post(pathOf(id, '/throttle'), { bytesPerSecond: bytesPerSecond ?? 0, reason, by }),
  }
}

function diagnosisCalls({ get }: Calls): DiagnosisDoor {
  return {
    ping: (organ, options) => get('/ping', { organ, ...options }),
    trace: (organ, options) => get('/trace', { organ, ...options }),
    where: async ({ key, date, to }, options) => {
      const { items } = await get<{ items: WhereDocument[] }>('/where', { ...key, date, to, ...options })
      return items
    },
  }
}

async function readMail(node: NodeAddress, id: number, query: Query): ReturnType<ControlClient['read']> {
  const { head, body } = await readHeaded<MailItem>(node, `/mailbox/${id}`, query, ({ payload }) => payload.sha256)
  return { item: head, body }
}
