/**
 * Keeps one channel open while its connection is up and somebody wants it.
 *
 * ```
 *              wanted, connection up               set up
 *   closed ──────────────────────────▶ opening ───────────▶ open
 *     ▲ ▲                                 │                   │ pause, drop
 *     │ │ back-off over                   │ refused           ▼
 *     │ waiting ◀─────────────────────────┴──────────────  closing ── close-ok ──▶ closed, or waiting when wanted
 *     │    ▲                                                                 lost from any state: likewise
 *     └────┘ connection lost, paused
 * ```
 *
 * A channel ends in three ways – the broker closes it, the connection goes, we close it – and all three arrive as its
 * one 'close' event, which is the only place where it is given up.
 */
import type { Channel, ChannelModel } from './amqp.ts'
import { type BackOff, retryDelayMs } from './back-off.ts'

export interface ChannelKeeperOptions<Kind extends Channel> {
  readonly create: (model: ChannelModel) => Promise<Kind>
  /** Makes the channel ready for use; traffic may already arrive while it runs. */
  readonly setUp: (channel: Kind) => Promise<void>
  readonly onOpen: (channel: Kind) => void
  /** Once for every channel whose `setUp` was called, when it has ended. */
  readonly onEnded: (channel: Kind) => void
  readonly onError: (error: unknown) => void
  readonly backOff: BackOff
}

type KeeperState = 'closed' | 'opening' | 'open' | 'closing' | 'waiting'

export class ChannelKeeper<Kind extends Channel> {
  readonly #options: ChannelKeeperOptions<Kind>
  #state: KeeperState = 'closed'
  #wanted = true
  #pausing = false
  #model: ChannelModel | null = null
  #channel: Kind | null = null
  #openedAt = 0
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #whenEnded: (() => void)[] = []

  constructor(options: ChannelKeeperOptions<Kind>) {
    this.#options = options
  }

  /** The channel while it is ready for use. */
  get channel(): Kind | null {
    return this.#state === 'open' ? this.#channel : null
  }

  connectionOpened(model: ChannelModel): void {
    this.#model = model
    this.#failures = 0
    this.#cancelWait()
    this.#advance()
  }

  connectionLost(): void {
    this.#model = null
    this.#cancelWait()
  }

  /** Closes the channel and leaves it closed; resolves when the broker knows or the connection is gone. */
  async pause(): Promise<void> {
    this.#wanted = false
    this.#cancelWait()
    this.#pausing = this.#state !== 'closed'
    await this.#close()
  }

  resume(): void {
    this.#wanted = true
    this.#advance()
  }

  /** Closes the channel; a new one follows after a pause. */
  drop(): void {
    void this.#close()
  }

  #advance(): void {
    if (!this.#wanted || this.#model === null || this.#state !== 'closed') return
    this.#state = 'opening'
    void this.#open(this.#model)
  }

  async #open(model: ChannelModel): Promise<void> {
    let channel: Kind
    try {
      channel = await this.#options.create(model)
    } catch (error) {
      this.#options.onError(error)
      this.#settle()
      return
    }
    this.#channel = channel
    channel.on('error', (error) => this.#options.onError(error))
    channel.once('close', () => this.#ended(channel))
    if (!this.#wanted) return void this.#close()
    try {
      await this.#options.setUp(channel)
    } catch (error) {
      if (this.#channel === channel && this.#state === 'opening') this.#options.onError(error)
      if (this.#channel === channel) void this.#close()
      return
    }
    if (this.#channel !== channel || this.#state !== 'opening') return
    this.#state = 'open'
    this.#openedAt = performance.now()
    this.#options.onOpen(channel)
    this.#resolveWaiters()
  }

  #close(): Promise<void> {
    const channel = this.#channel
    if (channel === null && this.#state !== 'opening') return Promise.resolve()
    const ended = new Promise<void>((resolve) => this.#whenEnded.push(resolve))
    if (channel !== null && this.#state !== 'closing') {
      this.#state = 'closing'
      // Its promise never settles when the connection goes first: 'close' tells.
      channel.close().catch(() => {})
    }
    return ended
  }

  #ended(channel: Kind): void {
    if (this.#channel !== channel) return
    const held = this.#openedAt > 0 && performance.now() - this.#openedAt > this.#options.backOff.maxMs
    if (held) this.#failures = 0
    this.#openedAt = 0
    this.#channel = null
    this.#options.onEnded(channel)
    this.#settle()
  }

  #settle(): void {
    // Resumed while it was still closing: nothing failed, so nothing is waited for.
    const resumed = this.#pausing && this.#wanted
    this.#pausing = false
    this.#state = 'closed'
    if (resumed) this.#advance()
    else this.#retryLater()
    this.#resolveWaiters()
  }

  #resolveWaiters(): void {
    for (const resolve of this.#whenEnded.splice(0)) resolve()
  }

  #retryLater(): void {
    if (!this.#wanted || this.#model === null) return
    this.#state = 'waiting'
    const delayMs = retryDelayMs(this.#failures, this.#options.backOff, Math.random())
    this.#failures += 1
    this.#timer = setTimeout(() => {
      this.#state = 'closed'
      this.#advance()
    }, delayMs)
  }

  #cancelWait(): void {
    clearTimeout(this.#timer)
    if (this.#state === 'waiting') this.#state = 'closed'
  }
}
