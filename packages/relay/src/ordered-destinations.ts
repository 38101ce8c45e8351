/** The ways out of this node, as far as an administrator lets anything on them. */
import { mayForward } from '@lienthong/core'
import type { Destinations } from './destinations.ts'
import type { LinkOrders } from './link-orders.ts'

export function orderedDestinations(ways: Destinations, orders: LinkOrders): Destinations {
  return {
    ...ways,
    forward(hop, lane, segment) {
      const answer = mayForward(orders.stopOn(hop), hop === 'up' ? 'up' : 'down')
      return answer === 'full' ? Promise.resolve('full') : ways.forward(hop, lane, segment)
    },
    // From the outbox nothing is dropped: it is taken up again when the way is usable.
    dispatch: (hop, lane, segment) =>
      orders.stopOn(hop) === null ? ways.dispatch(hop, lane, segment) : Promise.resolve('again'),
    async ready(hop, bytes, signal) {
      await ways.ready(hop, bytes, signal)
      if (hop === 'up') await orders.upward.take(bytes, signal)
    },
    usable: (hop) => orders.stopOn(hop) === null && ways.usable(hop),
  }
}
