/** Hellos and canaries: the messages of a link that are about the link. */
import type { Delivery, Hello, OutMessage } from './contract.ts'
import { names } from './names.ts'
import { encodeHello } from './wire/hello.ts'

/** Longest body of a canary that is sent back. Ours have 12. */
const maxCanaryBytes = 64

const fromExchange = names.from('')

/**
 * The parent's answer to a hello or canary that a child published to `lt.from.<child>`: this node's hello, or the
 * canary unchanged, for `lt.link.<child>.express`. The child is the one that the exchange names, whatever the body says.
 * null for everything else.
 */
export function answerControl(delivery: Delivery, hello: Hello): OutMessage | null {
  if (!delivery.exchange.startsWith(fromExchange)) return null
  const child = delivery.exchange.slice(fromExchange.length)
  const answer = { exchange: names.out, routingKey: names.link(child, 'express') }
  switch (delivery.type) {
    case 'lt.hello':
      return { ...answer, type: 'lt.hello', body: encodeHello(hello) }
    case 'lt.canary':
      return delivery.body.byteLength > maxCanaryBytes ? null : { ...answer, type: 'lt.canary', body: delivery.body }
    default:
      return null
  }
}
