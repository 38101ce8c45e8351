/** One call on the control socket, and what its answers are made with. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { RelayError } from '@lienthong/core'
import { parseWhole } from '../whole-number.ts'

export type Answer = (call: Call) => Promise<void>
export type Route = readonly [method: string, path: RegExp, answer: Answer]

export interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** The part of the path between the fixed ones. */
  readonly id: string
}

/** Throws USAGE. */
export function required(query: URLSearchParams, name: string): string {
  const value = query.get(name)
  if (value === null || value === '') throw new RelayError('USAGE', { detail: { reason: name } })
  return value
}

/** Throws USAGE. */
export function wholeOf(query: URLSearchParams, name: string): number | null {
  const written = query.get(name)
  if (written === null) return null
  const value = parseWhole(written)
  if (value === null) throw new RelayError('USAGE', { detail: { reason: `${name} ${written}` } })
  return value
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}
