/**
 * Publishing with confirms on one supervised channel.
 *
 * ```
 *   ready(bytes) ── credit ──▶ send ──▶ in flight ──┬─ ack ───────────▶ confirmed, or returned when it came back first
 *                                                   ├─ nack ──────────▶ nacked
 *                                                   ├─ timeout ───────▶ late (its bytes stay in flight)
 *                                                   └─ channel ended ─▶ lost
 * ```
 *
 * A message that no queue takes is *returned* and then confirmed all the same [AMQP 0-9-1 §1.8.3.4, publisher
 * confirms]: the return is matched by `messageId`, the number of the message on its channel.
 */
import { RelayError } from '@lienthong/core'
import { bufferOf, type ChannelModel, type ConfirmChannel, IllegalOperationError, type Message } from './amqp.ts'
import { type ChannelHost, type ConnectionPart, channelCloseMs } from './channel-host.ts'
import { ChannelKeeper } from './channel-keeper.ts'
import { ConfirmWindow } from './confirm-window.ts'
import type { OutMessage, Sender, SenderOptions, SendOutcome } from './contract.ts'
import { CreditQueue } from './credit-queue.ts'
import { within } from './within.ts'

export const senderDefaults: Required<SenderOptions> = {
  maxInFlightBytes: 8 * 1024 * 1024,
  confirmTimeoutMs: 10_000,
  closeTimeoutMs: 5_000,
}

interface InFlight {
  readonly bytes: number
  readonly deadline: number
  readonly resolve: (outcome: SendOutcome) => void
  returned: boolean
  late: boolean
}

export class ConfirmedSender implements Sender, ConnectionPart {
  readonly #host: ChannelHost
  readonly #options: Required<SenderOptions>
  readonly #onOpenChange: (open: boolean) => void
  readonly #keeper: ChannelKeeper<ConfirmChannel>
  readonly #credit: CreditQueue
  #window = new ConfirmWindow<InFlight>()
  #congested = false
  #lateTimer: NodeJS.Timeout | undefined
  #closed: Promise<void> | undefined
  #drained: (() => void) | undefined

  constructor(host: ChannelHost, options: SenderOptions = {}, onOpenChange: (open: boolean) => void = () => {}) {
    this.#host = host
    this.#options = { ...senderDefaults, ...options }
    this.#onOpenChange = onOpenChange
    this.#credit = new CreditQueue(this.#options.maxInFlightBytes, () => this.open && !this.#held)
    this.#keeper = new ChannelKeeper<ConfirmChannel>({
      create: (model) => model.createConfirmChannel(),
      setUp: async (channel) => this.#listen(channel),
      onOpen: () => {
        this.#onOpenChange(true)
        this.#credit.grant()
      },
      onEnded: () => this.#lose(),
      onError: (error) => host.report(error),
      backOff: host.backOff,
    })
  }

  get open(): boolean {
    return this.#keeper.channel !== null && this.#closed === undefined
  }

  get inFlightBytes(): number {
    return this.#credit.usedBytes
  }

  send(message: OutMessage): Promise<SendOutcome> {
    const channel = this.#keeper.channel
    if (channel === null || this.#closed !== undefined) return Promise.resolve('lost')
    if (!this.#publish(channel, message)) return Promise.resolve('lost')
    return new Promise((resolve) => {
      const bytes = message.body.byteLength
      const deadline = performance.now() + this.#options.confirmTimeoutMs
      this.#window.push({ bytes, deadline, resolve, returned: false, late: false })
      this.#credit.use(bytes)
      if (this.#lateTimer === undefined) this.#watch(deadline)
    })
  }

  ready(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(stopping())
    return this.#credit.wait(bytes, signal)
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  connectionOpened(model: ChannelModel): void {
    this.#keeper.connectionOpened(model)
  }

  connectionLost(): void {
    this.#keeper.connectionLost()
  }

  connectionChanged(): void {
    this.#credit.grant()
  }

  /** True while granting credit would only fill buffers: ours, or those of a broker that does not read. */
  get #held(): boolean {
    return this.#congested || this.#host.status.blocked !== null
  }

  /** False when nothing was written: the channel ended a moment ago, or a property cannot be encoded. */
  #publish(channel: ConfirmChannel, message: OutMessage): boolean {
    try {
      const room = channel.publish(message.exchange, message.routingKey, bufferOf(message.body), {
        type: message.type,
        messageId: String(this.#window.next),
        userId: this.#host.user,
        mandatory: message.mandatory ?? (message.type !== 'lt.answer' && message.type !== 'lt.notice'),
        persistent: message.persistent ?? true,
        ...(message.correlationId === undefined ? {} : { correlationId: message.correlationId }),
      })
      if (!room) this.#congested = true
      return true
    } catch (error) {
      if (!(error instanceof IllegalOperationError)) this.#host.report(error)
      return false
    }
  }

  #listen(channel: ConfirmChannel): void {
    const window = new ConfirmWindow<InFlight>()
    this.#window = window
    channel.on('ack', ({ deliveryTag, multiple }) => {
      for (const inFlight of window.settle(deliveryTag, multiple)) {
        this.#settle(inFlight, inFlight.returned ? 'returned' : 'confirmed')
      }
      this.#afterConfirm()
    })
    channel.on('nack', ({ deliveryTag, multiple }) => {
      for (const inFlight of window.settle(deliveryTag, multiple)) this.#settle(inFlight, 'nacked')
      this.#afterConfirm()
    })
    channel.on('return', ({ properties }: Message) => {
      const inFlight = window.get(Number(properties.messageId))
      if (inFlight !== undefined) inFlight.returned = true
    })
    channel.on('drain', () => {
      this.#congested = false
      this.#credit.grant()
    })
  }

  #settle(inFlight: InFlight, outcome: SendOutcome): void {
    this.#credit.free(inFlight.bytes)
    if (!inFlight.late) inFlight.resolve(outcome)
  }

  #afterConfirm(): void {
    this.#credit.grant()
    if (this.#window.size === 0) this.#drained?.()
  }

  /** One timer for the oldest message: all have the same timeout, so deadlines come in order. */
  #watch(deadline: number): void {
    this.#lateTimer = setTimeout(
      () => {
        this.#lateTimer = undefined
        const now = performance.now()
        for (const inFlight of this.#window) {
          if (inFlight.late) continue
          if (inFlight.deadline > now) {
            this.#watch(inFlight.deadline)
            return
          }
          inFlight.late = true
          inFlight.resolve('late')
        }
      },
      Math.max(1, deadline - performance.now()),
    )
  }

  #lose(): void {
    this.#congested = false
    clearTimeout(this.#lateTimer)
    this.#lateTimer = undefined
    for (const inFlight of this.#window.drain()) this.#settle(inFlight, 'lost')
    this.#onOpenChange(false)
    this.#drained?.()
  }

  async #close(): Promise<void> {
    this.#credit.end(stopping())
    const { closeTimeoutMs } = this.#options
    if (this.#window.size > 0) {
      const drained = new Promise<void>((resolve) => {
        this.#drained = resolve
      })
      await within(drained, closeTimeoutMs)
    }
    await within(this.#keeper.pause(), Math.min(closeTimeoutMs, channelCloseMs))
    this.#lose()
    this.#host.release(this)
  }
}

function stopping(): RelayError {
  return new RelayError('NODE_STOPPING')
}
