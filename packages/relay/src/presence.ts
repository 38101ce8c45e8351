/** When children were heard last: a child says something at least with each of its canaries, every 30 s when its link rests. */
import type { NodeId } from '@lienthong/core'
import { decodeHello, type Hello } from '@lienthong/link'

export interface Presence {
  /** A hello or canary of this child; `hello` when it is one. */
  heard(child: NodeId, hello: Uint8Array | null): void
  of(child: NodeId): Heard | null
}

export interface Heard {
  readonly open: boolean
  /** Since when it has been heard without a pause; when it is not, when it was heard last. */
  readonly since: number
  readonly hello: Hello | null
}

/** Two canaries of a link at rest, and a little. */
const silentAfterMs = 65_000

export function createPresence(now: () => number): Presence {
  const known = new Map<NodeId, { since: number; last: number; hello: Hello | null }>()

  function hearing(body: Uint8Array | null): Hello | null {
    if (body === null) return null
    try {
      return decodeHello(body)
    } catch {
      return null
    }
  }

  return {
    heard(child, body) {
      const at = now()
      const before = known.get(child)
      const since = before === undefined || at - before.last > silentAfterMs ? at : before.since
      known.set(child, { since, last: at, hello: hearing(body) ?? before?.hello ?? null })
    },
    of(child) {
      const found = known.get(child)
      if (found === undefined) return null
      const open = now() - found.last <= silentAfterMs
      return { open, since: open ? found.since : found.last, hello: found.hello }
    },
  }
}
