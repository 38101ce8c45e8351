/**
 * Taking deliveries from one queue on one supervised channel, and acknowledging them with as few acks as possible.
 *
 * Deliveries that are not settled when the channel ends go back to their place in the queue. That is also what `pause`
 * does: cancelling the consumer alone would keep them checked out, and the next consumer would get later ones first.
 */
import { AckLedger } from '@lienthong/core'
import { type Channel, type ChannelModel, type ConsumeMessage, IllegalOperationError, type Message } from './amqp.ts'
import { type ChannelHost, type ConnectionPart, channelCloseMs } from './channel-host.ts'
import { ChannelKeeper } from './channel-keeper.ts'
import type { Delivery, Receiver, ReceiverOptions } from './contract.ts'
import { within } from './within.ts'

/** One channel and what it has delivered. */
interface Session {
  readonly channel: Channel
  readonly ledger: AckLedger
  flushing: boolean
}

export class QueueReceiver implements Receiver, ConnectionPart {
  readonly #host: ChannelHost
  readonly #options: ReceiverOptions
  readonly #keeper: ChannelKeeper<Channel>
  #session: Session | null = null
  #closed: Promise<void> | undefined

  constructor(host: ChannelHost, options: ReceiverOptions, onOpenChange: (open: boolean) => void = () => {}) {
    this.#host = host
    this.#options = options
    this.#keeper = new ChannelKeeper<Channel>({
      create: (model) => model.createChannel(),
      setUp: (channel) => this.#consume(channel),
      onOpen: () => onOpenChange(true),
      onEnded: () => {
        this.#session = null
        onOpenChange(false)
      },
      onError: (error) => host.report(error),
      backOff: host.backOff,
    })
  }

  get open(): boolean {
    return this.#keeper.channel !== null
  }

  get unsettled(): number {
    return this.#session?.ledger.unsettled ?? 0
  }

  async pause(): Promise<void> {
    this.#acknowledgeAll()
    this.#session = null
    await this.#keeper.pause()
  }

  resume(): void {
    if (this.#closed === undefined) this.#keeper.resume()
  }

  close(): Promise<void> {
    this.#closed ??= within(this.pause(), channelCloseMs).then(() => this.#host.release(this))
    return this.#closed
  }

  connectionOpened(model: ChannelModel): void {
    this.#keeper.connectionOpened(model)
  }

  connectionLost(): void {
    this.#keeper.connectionLost()
  }

  connectionChanged(): void {}

  async #consume(channel: Channel): Promise<void> {
    const session: Session = { channel, ledger: new AckLedger(), flushing: false }
    this.#session = session
    await channel.prefetch(this.#options.prefetch)
    await channel.consume(this.#options.queue, (message) => {
      if (this.#session !== session) return
      // The queue was deleted, or its broker is going: whoever owns it makes it anew, we come back.
      if (message === null) this.#keeper.drop()
      else this.#deliver(session, message)
    })
  }

  #deliver(session: Session, message: ConsumeMessage): void {
    const tag = message.fields.deliveryTag
    session.ledger.deliver(tag)
    this.#options.onDelivery(this.#deliveryOf(session, message, tag))
  }

  #deliveryOf(session: Session, { fields, properties, content }: ConsumeMessage, tag: number): Delivery {
    return {
      queue: this.#options.queue,
      exchange: fields.exchange,
      routingKey: fields.routingKey,
      body: new Uint8Array(content.buffer, content.byteOffset, content.byteLength),
      type: properties.type as string | undefined,
      userId: properties.userId as string | undefined,
      replyTo: properties.replyTo as string | undefined,
      correlationId: properties.correlationId as string | undefined,
      headers: properties.headers ?? {},
      redelivered: fields.redelivered,
      settle: () => this.#settle(session, tag),
    }
  }

  #settle(session: Session, tag: number): void {
    if (this.#session !== session || !session.ledger.settle(tag) || session.flushing) return
    session.flushing = true
    // One ack for all that settle in this turn of the event loop.
    setImmediate(() => {
      session.flushing = false
      if (this.#session === session) this.#acknowledge(session)
    })
  }

  #acknowledge({ channel, ledger }: Session): void {
    const tag = ledger.take()
    if (tag !== null) acknowledge(channel, tag, true)
  }

  /** Before the channel is closed: also what has settled behind an open one, else it would be delivered again. */
  #acknowledgeAll(): void {
    const session = this.#session
    if (session === null) return
    this.#acknowledge(session)
    for (const tag of session.ledger.scattered()) acknowledge(session.channel, tag, false)
  }
}

function acknowledge(channel: Channel, deliveryTag: number, multiple: boolean): void {
  try {
    // The library reads nothing else of the message.
    channel.ack({ fields: { deliveryTag } } as Message, multiple)
  } catch (error) {
    // Ended a moment ago: the broker delivers again.
    if (!(error instanceof IllegalOperationError)) throw error
  }
}
