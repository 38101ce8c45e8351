import type { IncomingMessage } from 'node:http'
import { RelayError } from '@lienthong/core'

/** Declared content of the largest node there can be. */
const maxJsonBytes = 128 * 1024 * 1024

/** The body of a call, JSON. Throws USAGE. */
export async function jsonBody(request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const chunks: Buffer[] = []
  let size = 0
  // Leaving the loop early must not destroy the request, which carries the answer too.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxJsonBytes) throw new RelayError('USAGE', { detail: { reason: `JSON > ${maxJsonBytes}` } })
    chunks.push(chunk)
  }
  const value = parsed(Buffer.concat(chunks).toString())
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new RelayError('USAGE', { detail: { reason: 'JSON' } })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** A text of a body that must be there. Throws USAGE. */
export function textIn(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw new RelayError('USAGE', { detail: { reason: name } })
  return value
}

/** Several, when they are there. Throws USAGE. */
export function textsIn(body: Readonly<Record<string, unknown>>, name: string): readonly string[] | undefined {
  const value = body[name]
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((each): each is string => typeof each === 'string')) return value
  throw new RelayError('USAGE', { detail: { reason: name } })
}
