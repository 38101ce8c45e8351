/**
 * Bodies of calls, also of those that are refused before all has come. Many a caller writes the whole body before it reads,
 * and to such a one an answer on a connection that closes meanwhile is a broken line; others stop writing at an early
 * answer, and the connection serves no further call. So what nobody wants is read and thrown away first, up to bounds,
 * and past them behind the answer.
 */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { RelayError } from '@lienthong/core'
import type { FastifyInstance } from 'fastify'

/** How much, and how long, is thrown away before the answer. */
export interface Bounds {
  readonly bytes: number
  /** Only where the connection stays: one that closes with the answer would take it along. */
  readonly ms: number
}

const defaultBounds: Bounds = { bytes: 256 * 1024 * 1024, ms: 30_000 }

/** The chunks of a body. A caller who breaks off is no failure of the node's: CALL_INVALID. */
export async function* chunksOf(body: unknown): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === undefined || body === null) return
  try {
    // A reader who stops must not take the connection of the answer with it.
    yield* (body as Readable).iterator({ destroyOnReturn: false })
  } catch (cause) {
    if (cause instanceof RelayError) throw cause
    throw new RelayError('CALL_INVALID', { detail: { reason: 'the body broke off' }, cause })
  }
}

/** Of every call of this instance. */
export function throwUnwantedAway(app: FastifyInstance, bounds = defaultBounds): void {
  app.addHook('onSend', async ({ raw }, reply) => {
    if (raw.complete || raw.destroyed) return
    await readToItsEnd(raw, reply.raw.shouldKeepAlive ? bounds : { ...bounds, ms: null })
  })
}

/** Or up to the bounds; whatever comes later is thrown away too. */
async function readToItsEnd(
  body: IncomingMessage,
  { bytes: maxBytes, ms }: { readonly bytes: number; readonly ms: number | null },
): Promise<void> {
  let bytes = 0
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<void>((resolve) => {
    if (ms !== null) timer = setTimeout(resolve, ms)
    body.on('data', (chunk: Uint8Array) => {
      bytes += chunk.byteLength
      if (bytes > maxBytes) resolve()
    })
  })
  body.resume()
  await Promise.race([finished(body).catch(() => undefined), enough])
  clearTimeout(timer)
}
