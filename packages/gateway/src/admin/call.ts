/** One call on the door for administration, and what its answers are made with. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type OperatorRole, parseWhole, RelayError } from '@lienthong/core'

export interface Route {
  readonly method: 'GET' | 'POST'
  /** `/systems/:id/rotate`: at most one part is open. */
  readonly path: string
  /** Who may. */
  readonly role: OperatorRole
  readonly answer: (call: Call) => void | Promise<void>
}

/** Who calls. */
export interface Caller {
  readonly role: OperatorRole
  /** null: whoever may open the control socket, and says who with `by`. */
  readonly operator: string | null
}

export interface Call {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly query: URLSearchParams
  /** The open part of the path. */
  readonly id: string
  /** For the chain of events: the operator, whatever the call says, or else who it says. Throws USAGE for nobody. */
  by(): string
}

/** In front of an operator's id in the chain of events: no user of the machine is taken for one. */
export const operatorPrefix = 'operator:'

export function byOf({ operator }: Caller, query: URLSearchParams): string {
  return operator === null ? required(query, 'by') : `${operatorPrefix}${operator}`
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

/** null: none was given. Throws USAGE. */
export function listOf<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): readonly Word[] | null {
  const given = query.getAll(name)
  return given.length === 0 ? null : given.map((word) => oneOf(word, name, words))
}

/** Throws USAGE. */
export function oneOf<Word extends string>(given: string, name: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === given)
  if (found === undefined) {
    throw new RelayError('USAGE', { detail: { reason: `${name} "${given}": ${words.join(', ')}` } })
  }
  return found
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}
