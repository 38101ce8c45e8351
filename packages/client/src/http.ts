/** Calls to the node over HTTP. What it refuses becomes a RelayError; what only failed is tried again. */
import { type ErrorCode, type ErrorDetail, errorCodes, RelayError } from '@lienthong/core'
import { anySignal } from './any-signal.ts'
import type { ClientOptions } from './contract.ts'
import { openPatience, type Patience } from './retry.ts'

/** For an answer to begin, beside what the call itself waits for. A piece of 1 MiB takes this long at 10 kB/s. */
const answerTimeoutMs = 120_000

/** What belongs to the system, whichever organisation it acts for. */
const ofTheSystem = ['/v1/uploads', '/v1/organisations']

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** `/v1/…`, without a query. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  readonly bytes?: Uint8Array
  readonly signal?: AbortSignal | undefined
}

export interface HttpLine {
  /** The answer to a call that may be repeated, tried until it succeeds or patience ends. */
  ask<Answer>(call: Call): Promise<Answer>
  /** The same, tried once. */
  askOnce<Answer>(call: Call): Promise<Answer>
  /**
   * One answer whose body is still to come; breaking off the signal ends it. Throws NODE_UNREACHABLE and what the node refuses.
   */
  open(call: Call & { readonly signal: AbortSignal }): Promise<Response>
  /** For calls that go on in steps of their own; `signal` must hold `closing`. */
  patience(signal: AbortSignal): Patience
  /** Aborted with CLIENT_CLOSED. */
  readonly closing: AbortSignal
}

export function openHttpLine(options: ClientOptions, closing: AbortSignal): HttpLine {
  const { apiKey, as, retryForMs = 600_000, language = 'vi', onTrouble = () => undefined } = options
  const base = options.url.replace(/\/+$/, '')
  const send = options.fetch ?? fetch

  async function open({ method, path, query, headers, json, bytes, signal }: Call): Promise<Response> {
    const init: RequestInit = {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        'accept-language': language,
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(bytes === undefined ? {} : { 'content-type': 'application/octet-stream' }),
        ...headers,
      },
      redirect: 'error',
      ...(signal === undefined ? {} : { signal }),
    }
    if (json !== undefined) init.body = JSON.stringify(json)
    if (bytes !== undefined) init.body = bytes as Uint8Array<ArrayBuffer>
    const acting = ofTheSystem.some((each) => path.startsWith(each)) ? {} : { as }
    let response: Response
    try {
      response = await send(`${base}${path}?${searchOf({ ...acting, ...query }).toString()}`, init)
    } catch (cause) {
      signal?.throwIfAborted()
      throw unreachable(base, cause)
    }
    if (!response.ok) throw await refusalOf(response)
    return response
  }

  async function once<Answer>(call: Call): Promise<Answer> {
    using late = lateSignal()
    using linked = anySignal([call.signal, closing, late.signal])
    try {
      const response = await open({ ...call, signal: linked.signal })
      return (await bodyOf(response, base)) as Answer
    } catch (error) {
      if (error instanceof RelayError || call.signal?.aborted || closing.aborted) throw error
      throw unreachable(base, error)
    }
  }

  const patience = (signal: AbortSignal) => openPatience({ retryForMs, signal, onTrouble })

  return {
    open,
    patience,
    closing,
    askOnce: once,
    async ask<Answer>(call: Call) {
      using linked = anySignal([call.signal, closing])
      const patient = patience(linked.signal)
      for (;;) {
        try {
          return await once<Answer>(call)
        } catch (error) {
          if (!(error instanceof RelayError)) throw error
          await patient.wait(error)
        }
      }
    },
  }
}

/** Anything that went wrong between here and the node. */
export function unreachable(url: string, cause: unknown): RelayError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  return new RelayError('NODE_UNREACHABLE', {
    detail: { url, reason: inner instanceof Error ? inner.message : String(inner) },
    cause,
  })
}

function lateSignal(): { readonly signal: AbortSignal } & Disposable {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(new Error('no answer in time')), answerTimeoutMs)
  return { signal: late.signal, [Symbol.dispose]: () => clearTimeout(timer) }
}

function searchOf(query: NonNullable<Call['query']>): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const each of Array.isArray(value) ? (value as readonly string[]) : [value]) search.append(name, String(each))
  }
  return search
}

async function bodyOf(response: Response, url: string): Promise<unknown> {
  const text = await response.text()
  if (response.status === 204 || text === '') return undefined
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new RelayError('ANSWER_INVALID', { detail: { url, status: response.status }, cause })
  }
}

/** The project's own code when the node gives one; what stands between may answer in its own way. */
async function refusalOf(response: Response): Promise<RelayError> {
  const { status } = response
  const problem = problemIn(await response.text().catch(() => ''))
  const after = secondsIn(response.headers.get('retry-after'))
  const detail: ErrorDetail = {
    status,
    ...(after === null ? {} : { retryAfterSeconds: after }),
    ...(problem.detail === undefined ? {} : { text: problem.detail }),
    ...(problem.action === undefined ? {} : { action: problem.action }),
  }
  if (problem.code !== undefined && isCode(problem.code)) return new RelayError(problem.code, { detail })
  return new RelayError('ANSWER_INVALID', {
    detail: { ...detail, ...(problem.code === undefined ? {} : { code: problem.code }) },
  })
}

/** Of Retry-After: seconds, or the date that what stands between may write [RFC 9110 §10.2.3]. */
function secondsIn(header: string | null): number | null {
  if (header === null) return null
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isNaN(seconds) ? null : Math.max(0, seconds)
}

interface Problem {
  readonly code?: string
  readonly detail?: string
  readonly action?: string
}

function problemIn(text: string): Problem {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) return {}
    const { code, detail, action } = parsed as Record<string, unknown>
    return {
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof detail === 'string' ? { detail } : {}),
      ...(typeof action === 'string' ? { action } : {}),
    }
  } catch {
    return {}
  }
}

export function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCodes, code)
}
