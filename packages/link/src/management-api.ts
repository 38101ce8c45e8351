/** RabbitMQ's management API: requests, their limits, and what its answers mean. */
import { RelayError } from '@lienthong/core'

export interface ManagementAccess {
  /** `http://127.0.0.1:15672` */
  readonly managementUrl: string
  readonly user: string
  readonly password: string
}

/** The API is served by few processes and shared with people; the nodes of a process do not crowd it. */
const maxRequests = 4

/** A definitions import for 200 children takes 2.3 s on two idle cores. */
const requestTimeoutMs = 60_000

/** Longest answer of the broker quoted in an error. */
const maxReasonLength = 500

export class ManagementApi {
  readonly #base: string
  readonly #authorization: string
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor({ managementUrl, user, password }: ManagementAccess) {
    this.#base = `${managementUrl.replace(/\/$/, '')}/api`
    this.#authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  }

  /** The parsed answer, or null for 404. Throws BROKER_UNREACHABLE, BROKER_REFUSED. */
  get(path: string): Promise<unknown> {
    return this.#inTurn(() => this.#request('GET', path))
  }

  /** The same; none for 404. */
  async list<Item>(path: string): Promise<readonly Item[]> {
    const found = await this.get(path)
    if (found === null) return []
    if (!Array.isArray(found)) throw new RelayError('BROKER_REFUSED', { detail: { path, reason: 'not a list' } })
    return found as readonly Item[]
  }

  /** Throws BROKER_UNREACHABLE, BROKER_REFUSED. */
  async post(path: string, body: unknown): Promise<void> {
    await this.#inTurn(() => this.#request('POST', path, JSON.stringify(body)))
  }

  /** What is not there is as good. Throws BROKER_UNREACHABLE, BROKER_REFUSED. */
  async delete(path: string): Promise<void> {
    await this.#inTurn(() => this.#request('DELETE', path))
  }

  async #request(method: string, path: string, body?: string): Promise<unknown> {
    const { status, text } = await this.#fetch(method, path, body)
    if (status >= 200 && status < 300) return text === '' ? null : parse(text)
    if (status === 404 && method !== 'POST') return null
    const detail = { api: this.#base, path, status, reason: reasonOf(text) }
    throw new RelayError(status >= 500 ? 'BROKER_UNREACHABLE' : 'BROKER_REFUSED', { detail })
  }

  async #fetch(method: string, path: string, body?: string): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(this.#base + path, {
        method,
        headers: { authorization: this.#authorization, 'content-type': 'application/json' },
        redirect: 'error',
        signal: AbortSignal.timeout(requestTimeoutMs),
        ...(body === undefined ? {} : { body }),
      })
      return { status: response.status, text: await response.text() }
    } catch (cause) {
      throw new RelayError('BROKER_UNREACHABLE', { detail: { api: this.#base }, cause })
    }
  }

  async #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#running >= maxRequests) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#running += 1
    try {
      return await work()
    } finally {
      // The place is handed on, not freed, so that nobody slips in between.
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new RelayError('BROKER_REFUSED', { detail: { reason: 'the answer is not JSON' }, cause })
  }
}

function reasonOf(text: string): string {
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown }
    return (typeof reason === 'string' ? reason : text).slice(0, maxReasonLength)
  } catch {
    return text.slice(0, maxReasonLength)
  }
}
