/** The other end of the control socket: a running node, as a command sees it. */
import { createHash } from 'node:crypto'
import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type OrganId, RelayError } from '@lienthong/core'
import type {
  IssuedCredentials,
  NewSystem,
  NodeStatus,
  Rotation,
  SubmitReply,
  SystemChange,
  SystemView,
} from '@lienthong/relay'
import type { MailItem, TrackedDocument, TrackKey } from '@lienthong/store'
import type { RouteExplanation } from '../explain.ts'
import { errorOf, errorTrailer, itemBytesHeader, type MailPage } from './protocol.ts'
import { checkSocketPath } from './socket-path.ts'

/**
 * A running node. Every call throws NODE_NOT_RUNNING when nothing listens or the node goes away,
 * CONTROL_DENIED when this user may not open the socket, and whatever the node refuses with.
 */
export interface ControlClient {
  /** `body` is read as fast as the node takes it; an error it throws is passed on and nothing is accepted. */
  submit(
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options: { readonly as: OrganId; readonly to?: readonly string[] },
  ): Promise<SubmitReply>
  /** Oldest first. `limit` at most 1000, default 100. */
  list(as: OrganId, options?: { after?: number; limit?: number; all?: boolean }): Promise<MailPage>
  /**
   * The body must be read to its end, or left by `return`, to free the connection. It throws
   * DIGEST_MISMATCH at its end when the bytes are not those of the document.
   */
  read(as: OrganId, id: number): Promise<{ readonly item: MailItem; readonly body: AsyncIterable<Uint8Array> }>
  acknowledge(as: OrganId, id: number): Promise<MailItem>
  track(key: TrackKey): Promise<readonly TrackedDocument[]>
  /** `at`: the instant the document would be handed in, ms. */
  explain(from: string, to: string, at: number): Promise<RouteExplanation>
  status(): Promise<NodeStatus>
  readonly systems: ControlledSystems
}

/** Document software of the node; `by` is who does it. */
export interface ControlledSystems {
  list(): Promise<readonly SystemView[]>
  add(request: NewSystem, by: string): Promise<IssuedCredentials>
  rotate(id: string, request: Rotation, by: string): Promise<IssuedCredentials>
  change(id: string, request: SystemChange, by: string): Promise<SystemView>
}

/** Says where the node is; connects at each call, so there is nothing to close. Throws CONTROL_PATH_TOO_LONG. */
export function connectControl(socketPath: string): ControlClient {
  checkSocketPath(socketPath)
  const get = <T>(path: string, query: Query): Promise<T> => askJson<T>({ socketPath, method: 'GET', path, query })
  return {
    submit: (body, { as, to = [] }) =>
      askJson({ socketPath, method: 'POST', path: '/documents', query: { as, to }, body }),
    list: (as, options = {}) => get('/mailbox', { as, ...options }),
    read: (as, id) => readMail(socketPath, as, id),
    acknowledge: (as, id) => askJson({ socketPath, method: 'POST', path: `/mailbox/${id}/ack`, query: { as } }),
    track: (key) => get('/track', { ...key }),
    explain: (from, to, at) => get('/routes', { from, to, at }),
    status: () => get('/status', {}),
    systems: systemCalls(socketPath),
  }
}

function systemCalls(socketPath: string): ControlledSystems {
  const post = <T>(path: string, query: Query): Promise<T> => askJson<T>({ socketPath, method: 'POST', path, query })
  const pathOf = (id: string, act: string) => `/systems/${encodeURIComponent(id)}/${act}`
  return {
    list: () => askJson({ socketPath, method: 'GET', path: '/systems', query: {} }),
    add: ({ id, name, organisations, scopes, issue }, by) =>
      post('/systems', { id, name, organ: organisations, scope: scopes, issue, by }),
    rotate: (id, request, by) => post(pathOf(id, 'rotate'), { ...request, by }),
    change: (id, { organisations, scopes, ...rest }, by) =>
      post(pathOf(id, 'change'), { ...rest, organ: organisations, scope: scopes, by }),
  }
}

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

interface Question {
  readonly socketPath: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query: Query
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>
}

/** An answer whose status was good; `release` ends its connection. */
interface Answer {
  readonly response: IncomingMessage
  release(): void
}

async function askJson<T>(question: Question): Promise<T> {
  const { response, release } = await ask(question)
  try {
    return JSON.parse(await textOf(response)) as T
  } catch (error) {
    throw translated(error, question.socketPath)
  } finally {
    release()
  }
}

async function ask(question: Question): Promise<Answer> {
  const { socketPath, method, path, query, body } = question
  // Kept alive, because a server that is asked to close does so with our body unread, and the answer is
  // lost with it. One agent a call: a kept socket that the node has just closed is never met again.
  const agent = new Agent({ keepAlive: true })
  const request = httpRequest({ socketPath, agent, method, path: `${path}?${writtenQuery(query)}` })
  const upload = new AbortController()
  const source = body === undefined || body instanceof Uint8Array ? null : watched(body)
  const release = () => {
    upload.abort()
    request.destroy()
    agent.destroy()
  }
  try {
    const answered = answerOf(request)
    const sent = source === null ? void request.end(body) : send(request, source.body, upload.signal)
    const response = await Promise.race([answered, Promise.resolve(sent).then(() => answered)])
    if ((response.statusCode ?? 500) < 400) return { response, release }
    throw errorOf(await textOf(response))
  } catch (error) {
    release()
    throw source?.failure === undefined ? translated(error, socketPath) : source.failure.error
  }
}

interface Watched {
  readonly body: AsyncIterable<Uint8Array>
  failure?: { readonly error: unknown }
}

/** Keeps the source's own error apart from those of the socket: ENOENT may be either. */
function watched(body: AsyncIterable<Uint8Array>): Watched {
  // Step by step: the socket's own error is thrown into a generator too, at its `yield`.
  async function* chunks(): AsyncIterable<Uint8Array> {
    const steps = body[Symbol.asyncIterator]()
    let ended = false
    try {
      for (;;) {
        const step = await steps.next().catch((error: unknown) => {
          ended = true
          watch.failure = { error }
          throw error
        })
        ended = step.done === true
        if (step.done) return
        yield step.value
      }
    } finally {
      if (!ended) await steps.return?.()
    }
  }
  const watch: Watched = { body: chunks() }
  return watch
}

/** Resolves when all is sent or no more is wanted. */
async function send(request: ClientRequest, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  try {
    await pipeline(Readable.from(body, { objectMode: false }), request, { signal })
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

function answerOf(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve)
    request.once('error', reject)
  })
}

async function readMail(socketPath: string, as: OrganId, id: number): ReturnType<ControlClient['read']> {
  const { response, release } = await ask({ socketPath, method: 'GET', path: `/mailbox/${id}`, query: { as } })
  try {
    const { head, rest } = await splitHead(response, Number(response.headers[itemBytesHeader]))
    const item = JSON.parse(head.toString()) as MailItem
    return { item, body: checkedBody({ response, release, rest, item, socketPath }) }
  } catch (error) {
    release()
    throw translated(error, socketPath)
  }
}

async function splitHead(response: IncomingMessage, headBytes: number): Promise<{ head: Buffer; rest: Buffer }> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    length += chunk.length
    if (length >= headBytes) break
  }
  if (!(length >= headBytes)) throw new RelayError('INTERNAL')
  const all = Buffer.concat(chunks)
  return { head: all.subarray(0, headBytes), rest: all.subarray(headBytes) }
}

async function* checkedBody(part: {
  response: IncomingMessage
  release: () => void
  rest: Buffer
  item: MailItem
  socketPath: string
}): AsyncIterable<Uint8Array> {
  const { response, release, rest, item, socketPath } = part
  const hash = createHash('sha256')
  try {
    if (rest.length > 0) {
      hash.update(rest)
      yield rest
    }
    for await (const chunk of response as AsyncIterable<Buffer>) {
      hash.update(chunk)
      yield chunk
    }
    const refusal = response.trailers[errorTrailer]
    if (refusal !== undefined) throw errorOf(refusal)
    if (hash.digest('hex') !== item.payload.sha256)
      throw new RelayError('DIGEST_MISMATCH', { detail: { uid: item.uid } })
  } catch (error) {
    throw translated(error, socketPath)
  } finally {
    release()
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function writtenQuery(query: Query): string {
  const written = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) written.append(name, String(one))
  }
  return written.toString()
}

/** System errors of the socket in our words; errors of the source and refusals as they are. */
function translated(error: unknown, socketPath: string): unknown {
  if (error instanceof RelayError || !(error instanceof Error) || !('code' in error)) return error
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EPIPE':
      return new RelayError('NODE_NOT_RUNNING', { detail: { node: dirname(socketPath) }, cause: error })
    case 'EACCES':
    case 'EPERM':
      return new RelayError('CONTROL_DENIED', { detail: { path: socketPath }, cause: error })
    default:
      return error
  }
}
