/**
 * How often connections say that they live. Each word wakes this process, and hundreds of nodes of a process are to rest: with
 * 30 s to the own broker and 10 s to the parent, 200 nodes on their parent's broker are woken 210 times a second by nothing else,
 * with 60 s to both 53 times.
 */
import type { BrokerAddress } from '@lienthong/link'

/**
 * Of connections to the own broker, s. It is on the same machine or beside it: a line that dies in silence is noticed by the
 * kernel at rest and by a confirm that is late in use; only a broker that stands still at rest takes up to three of these.
 */
export const ownHeartbeatSeconds = 60

/** Of the connections to the parent, s: as to the own broker where they go there too, otherwise the default of links. */
export function parentHeartbeat(parent: BrokerAddress, own: BrokerAddress): { readonly heartbeatSeconds?: number } {
  return placeOf(parent) === placeOf(own) ? { heartbeatSeconds: ownHeartbeatSeconds } : {}
}

/** With the port: behind another of this machine may be a tunnel. */
function placeOf({ url }: BrokerAddress): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host.toLowerCase()}`
}
