/** Calls over real HTTP whose answers must be what the OpenAPI document says. */
import { type Description, readDescription } from './described-answers.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Of JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- checked against its schema
  readonly json: any
  readonly bytes: Buffer
}

export interface CallOptions {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON. */
  readonly json?: unknown
  readonly body?: Uint8Array<ArrayBuffer> | ReadableStream
  readonly signal?: AbortSignal
}

export type Call = (method: string, path: string, options?: CallOptions) => Promise<Answer>

export async function describedCalls(url: string): Promise<{ call: Call; description: Description }> {
  const description = await readDescription(url)
  return {
    description,
    async call(method, path, { key, headers = {}, json, body, signal } = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          'accept-language': 'en',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...(body === undefined ? {} : { 'content-type': 'application/vnd.edxml+xml' }),
          ...headers,
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
        ...(body === undefined ? {} : { body, duplex: 'half' }),
        ...(signal === undefined ? {} : { signal }),
      })
      const bytes = Buffer.from(await response.arrayBuffer())
      const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '') && bytes.length > 0
      const parsed: unknown = isJson ? JSON.parse(bytes.toString('utf8')) : undefined
      description.check(method, path, response, parsed)
      return { status: response.status, headers: response.headers, json: parsed, bytes }
    },
  }
}
