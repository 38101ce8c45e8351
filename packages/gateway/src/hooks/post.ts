/** One attempt to tell one receiver: one connection, one deadline, nothing followed, next to nothing read. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { rootCertificates } from 'node:tls'
import { RelayError } from '@lienthong/core'
import type { Message } from './event.ts'
import { signedHeaders } from './signature.ts'
import type { Address, Targets } from './targets.ts'

export interface Attempt {
  /** It answered 2xx. */
  readonly taken: boolean
  /** It answered 410: it wants no more. */
  readonly gone: boolean
  readonly status: number | null
  readonly error: string | null
  readonly ms: number
}

export type HookPost = (
  to: { readonly hook: { readonly url: string }; readonly secrets: readonly string[] },
  message: Message,
  signal?: AbortSignal,
) => Promise<Attempt>

/** From looking the name up to the end of the answer. */
const defaultTimeoutMs = 15_000
/** Bytes of an answer read before the connection is cut; what it says is of no interest. */
const maxAnswerBytes = 16 * 1024

export interface HookPostOptions {
  readonly targets: Targets
  /** Authorities (PEM) beside those everybody knows. */
  readonly ca: string | null
  readonly now: () => number
  /** @default 15 000 */
  readonly timeoutMs?: number
}

/** Never throws: what went wrong is in the attempt. */
export function openHookPost({ targets, ca, now, timeoutMs = defaultTimeoutMs }: HookPostOptions): HookPost {
  const trust = ca === null ? {} : { ca: [...rootCertificates, ca] }

  function send(
    url: URL,
    to: Address,
    options: { headers: Record<string, string>; body: string; signal: AbortSignal },
  ) {
    const { headers, body, signal } = options
    return new Promise<number>((resolve, reject) => {
      const request = url.protocol === 'https:' ? httpsRequest : httpRequest
      const call = request(url, { ...trust, method: 'POST', headers, signal, agent: false, lookup: pinned(to) })
      call.once('response', (answer) => drain(answer, () => resolve(answer.statusCode ?? 0)))
      call.once('error', reject)
      call.end(body)
    })
  }

  return async ({ hook, secrets }, { id, body }, signal) => {
    const begun = performance.now()
    const deadline = AbortSignal.timeout(timeoutMs)
    const ended = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
    const timestamp = Math.floor(now() / 1000)
    const headers = {
      ...signedHeaders(secrets, { id, timestamp, body }),
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'lienthong-webhooks',
    }
    const outcome = { taken: false, gone: false, status: null }
    const ms = () => Math.round(performance.now() - begun)
    try {
      const url = new URL(hook.url)
      const to = await unlessEnded(targets.resolve(url), ended)
      const status = await send(url, to, { headers, body, signal: ended })
      const taken = status >= 200 && status < 300
      return { taken, gone: status === 410, status, error: taken ? null : `HTTP ${status}`, ms: ms() }
    } catch (error) {
      const reason = deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error)
      return { ...outcome, error: reason, ms: ms() }
    }
  }
}

/** Whatever is asked for, it is this address. */
function pinned({ address, family }: Address): LookupFunction {
  return (_host, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }])
    else callback(null, address, family)
  }
}

/** An answer cut short still had its status. */
function drain(answer: IncomingMessage, onEnd: () => void): void {
  let left = maxAnswerBytes
  answer.on('data', ({ byteLength }: Buffer) => {
    left -= byteLength
    if (left < 0) answer.destroy()
  })
  answer.on('error', () => undefined)
  answer.once('close', onEnd)
}

/** Looking up a name cannot be broken off, only no longer waited for. */
async function unlessEnded<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  let stop = () => {}
  const ended = new Promise<never>((_resolve, reject) => {
    stop = () => reject(new Error('ended'))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([work, ended])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof RelayError) return `${error.code} ${String(error.detail['host'] ?? '')}`.trim()
  const { code, message } = error as Error & { readonly code?: string }
  return code ?? message
}
