/** One question to a running node over its control socket, or over HTTPS to its gateway. */
import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, Agent as SecureAgent } from 'node:https'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { RelayError } from '@lienthong/core'
import { adminPrefix, errorOf } from '@lienthong/gateway/admin-protocol'
import { startCommand } from './start-command.ts'

/** Where a node is: on this machine, or behind its gateway, with an operator's key. */
export type NodeAddress = { readonly socketPath: string } | RemoteNode

export interface RemoteNode {
  /** `https://node.example:8443`; plain HTTP to this machine only. */
  readonly url: string
  readonly key: string
  /** Authorities (PEM) of the node's certificate beside those everybody knows. */
  readonly ca?: string
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export interface Question {
  readonly node: NodeAddress
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly query: Query
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>
}

/** An answer whose status was good; `release` ends its connection. */
export interface Answer {
  readonly response: IncomingMessage
  release(): void
}

/** A remote node that says nothing for this long is away, ms. */
const silentMs = 60_000

export async function askJson<T>(question: Question): Promise<T> {
  const { response, release } = await ask(question)
  try {
    return JSON.parse(await textOf(response)) as T
  } catch (error) {
    throw translated(error, question.node)
  } finally {
    release()
  }
}

export async function ask(question: Question): Promise<Answer> {
  const { node, body } = question
  const { request, agent } = begin(question)
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
    throw source?.failure === undefined ? translated(error, node) : source.failure.error
  }
}

// Kept alive, because a server that is asked to close does so with our body unread, and the answer is
// lost with it. One agent a call: a kept socket that the node has just closed is never met again.
function begin({ node, method, path, query }: Question): { request: ClientRequest; agent: Agent } {
  const written = `${path}?${writtenQuery(query)}`
  if ('socketPath' in node) {
    const agent = new Agent({ keepAlive: true })
    return { agent, request: httpRequest({ socketPath: node.socketPath, agent, method, path: written }) }
  }
  const url = new URL(`${node.url}${adminPrefix}${written}`)
  const headers = { authorization: `Bearer ${node.key}` }
  const isPlain = url.protocol === 'http:'
  const agent = isPlain ? new Agent({ keepAlive: true }) : new SecureAgent({ keepAlive: true })
  const request = isPlain
    ? httpRequest(url, { agent, method, headers })
    : httpsRequest(url, { agent, method, headers, ...(node.ca === undefined ? {} : { ca: node.ca }) })
  request.setTimeout(silentMs, () => request.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })))
  return { agent, request }
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

/** System errors of the connection in our words; errors of the source and refusals as they are. */
export function translated(error: unknown, node: NodeAddress): unknown {
  if (error instanceof RelayError || !(error instanceof Error) || !('code' in error)) return error
  if (!('socketPath' in node)) {
    return new RelayError('NODE_UNREACHABLE', { detail: { url: node.url, reason: String(error.code) }, cause: error })
  }
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EPIPE': {
      const dataDir = dirname(node.socketPath)
      const detail = { node: dataDir, start: startCommand(dataDir) }
      return new RelayError('NODE_NOT_RUNNING', { detail, cause: error })
    }
    case 'EACCES':
    case 'EPERM':
      return new RelayError('CONTROL_DENIED', { detail: { path: node.socketPath }, cause: error })
    default:
      return error
  }
}
