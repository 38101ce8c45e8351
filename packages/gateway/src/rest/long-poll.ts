import { RelayError } from '@lienthong/core'
import type { FastifyReply } from 'fastify'

/** Longest time a call may wait for something to happen, s: proxies in between cut at a minute. */
export const maxWaitSeconds = 50

/**
 * Looks; when there is nothing, waits until the node says that there is, and looks again. Ends at once when the caller
 * has gone (and nobody hears), or with NODE_STOPPING when the gateway closes.
 */
export async function longPoll<T>(
  reply: FastifyReply,
  poll: {
    readonly waitSeconds: number
    look(): Promise<T>
    isEmpty(found: T): boolean
    waitFor(options: { readonly timeoutMs: number; readonly signal: AbortSignal }): Promise<boolean>
  },
): Promise<T> {
  const found = await poll.look()
  if (poll.waitSeconds === 0 || !poll.isEmpty(found)) return found
  const gone = new AbortController()
  const onGone = () => gone.abort(new RelayError('CALL_INVALID', { detail: { reason: 'the caller has gone' } }))
  reply.raw.once('close', onGone)
  try {
    const signal = AbortSignal.any([gone.signal, reply.server.closing])
    const came = await poll.waitFor({ timeoutMs: poll.waitSeconds * 1000, signal })
    return came ? await poll.look() : found
  } finally {
    reply.raw.off('close', onGone)
  }
}
