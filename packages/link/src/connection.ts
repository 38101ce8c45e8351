/**
 * One supervised connection. Its senders and receivers outlive it: they reopen their channels on the next one.
 *
 * ```
 *   openConnection ─▶ connecting ── handshake done ──▶ open
 *                      ▲      │ refused, timeout        │ lost, recycled
 *                      │      ▼                         ▼
 *                      └─── waiting (0.2 s … 10 s, doubling, half of it chance)        close() from anywhere ─▶ closed
 * ```
 *
 * A broker that is away, refuses the password or has lost the vhost is the same case: it is tried again, and the
 * reason stands in `status.lastError`.
 */
import { RelayError } from '@lienthong/core'
import { type ChannelModel, dial } from './amqp.ts'
import { type BackOff, retryDelayMs } from './back-off.ts'
import type { ChannelHost, ConnectionPart } from './channel-host.ts'
import type {
  Connection,
  ConnectionOptions,
  ConnectionStatus,
  Receiver,
  ReceiverOptions,
  Sender,
  SenderOptions,
} from './contract.ts'
import { QueueReceiver } from './receiver.ts'
import { ConfirmedSender } from './sender.ts'
import { within } from './within.ts'

export const connectionDefaults = { heartbeatSeconds: 10, retryFirstMs: 200, retryMaxMs: 10_000 } as const

/** Longest wait for the broker's answer to a close. */
const connectionCloseMs = 2_000

/** Opens a connection and keeps it open until `close`. Returns at once and never throws for a broker that is away. */
export function openConnection(options: ConnectionOptions): Connection {
  return new SupervisedConnection(options)
}

type SupervisionState = 'connecting' | 'open' | 'waiting' | 'closed'

/** Told when a channel becomes usable and when it no longer is. */
export type OpenListener = (open: boolean) => void

export class SupervisedConnection implements Connection, ChannelHost {
  readonly user: string
  readonly backOff: BackOff
  readonly #options: ConnectionOptions
  readonly #parts = new Set<ConnectionPart>()
  readonly #listeners = new Set<(status: ConnectionStatus) => void>()
  #state: SupervisionState = 'waiting'
  #status: ConnectionStatus = { open: false, blocked: null, lastError: null, since: Date.now() }
  #model: ChannelModel | null = null
  #socket = new AbortController()
  #failures = 0
  #openedAt = 0
  #retry: NodeJS.Timeout | undefined
  #closed: Promise<void> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.user = options.user
    this.backOff = {
      firstMs: options.retryFirstMs ?? connectionDefaults.retryFirstMs,
      maxMs: options.retryMaxMs ?? connectionDefaults.retryMaxMs,
    }
    void this.#connect()
  }

  get status(): ConnectionStatus {
    return this.#status
  }

  onChange(listener: (status: ConnectionStatus) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  openSender(options?: SenderOptions, onOpenChange?: OpenListener): Sender {
    return this.#adopt(new ConfirmedSender(this, options, onOpenChange))
  }

  openReceiver(options: ReceiverOptions, onOpenChange?: OpenListener): Receiver {
    return this.#adopt(new QueueReceiver(this, options, onOpenChange))
  }

  recycle(reason: string): void {
    if (this.#state !== 'open') return
    this.#change({ lastError: reason })
    this.#socket.abort()
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  report(error: unknown): void {
    this.#change({ lastError: textOf(error) })
  }

  release(part: ConnectionPart): void {
    this.#parts.delete(part)
  }

  #adopt<Part extends ConnectionPart>(part: Part): Part {
    if (this.#closed !== undefined) throw new RelayError('NODE_STOPPING')
    this.#parts.add(part)
    if (this.#model !== null) part.connectionOpened(this.#model)
    return part
  }

  async #connect(): Promise<void> {
    this.#state = 'connecting'
    this.#socket = new AbortController()
    const heartbeatSeconds = this.#options.heartbeatSeconds ?? connectionDefaults.heartbeatSeconds
    try {
      const model = await dial(this.#options, heartbeatSeconds, this.#socket.signal)
      this.#opened(model, this.#socket)
    } catch (error) {
      this.#socket.abort()
      this.#retryLater({ lastError: textOf(error) })
    }
  }

  #opened(model: ChannelModel, socket: AbortController): void {
    model.on('error', (error) => {
      // After an abort the reason is known already.
      if (!socket.signal.aborted) this.report(error)
    })
    model.once('close', (error) => {
      // The library only ends its half of the stream.
      socket.abort()
      this.#lost(error)
    })
    model.on('blocked', (reason) => this.#change({ blocked: reason }))
    model.on('unblocked', () => this.#change({ blocked: null }))
    if (this.#state === 'closed') {
      socket.abort()
      return
    }
    this.#model = model
    this.#state = 'open'
    this.#openedAt = performance.now()
    this.#change({ open: true })
    for (const part of this.#parts) part.connectionOpened(model)
  }

  #lost(error: Error | undefined): void {
    if (this.#state === 'closed' || this.#model === null) return
    this.#model = null
    // A connection that is cut right after each handshake is a failing one.
    if (performance.now() - this.#openedAt > this.backOff.maxMs) this.#failures = 0
    const known = error === undefined || error.name === 'AbortError'
    this.#retryLater({ open: false, blocked: null, ...(known ? {} : { lastError: textOf(error) }) })
    for (const part of this.#parts) part.connectionLost()
  }

  #retryLater(change: Partial<ConnectionStatus>): void {
    if (this.#state === 'closed') return
    this.#state = 'waiting'
    this.#retry = setTimeout(() => void this.#connect(), retryDelayMs(this.#failures, this.backOff, Math.random()))
    this.#failures += 1
    this.#change(change)
  }

  #change(change: Partial<ConnectionStatus>): void {
    const next = { ...this.#status, ...change }
    const turned = next.open !== this.#status.open || next.blocked !== this.#status.blocked
    if (!turned && next.lastError === this.#status.lastError) return
    this.#status = turned ? { ...next, since: Date.now() } : next
    if (turned) for (const part of this.#parts) part.connectionChanged()
    for (const listener of this.#listeners) listener(this.#status)
  }

  async #close(): Promise<void> {
    // Parts first: a sender waits for its confirms, a receiver acknowledges what has settled.
    await Promise.all([...this.#parts].map((part) => part.close()))
    this.#state = 'closed'
    clearTimeout(this.#retry)
    const model = this.#model
    this.#model = null
    if (model !== null) {
      const ended = new Promise((resolve) => model.once('close', resolve))
      model.close().catch(() => {})
      await within(ended, connectionCloseMs)
    }
    this.#socket.abort()
    this.#change({ open: false, blocked: null })
    this.#listeners.clear()
  }
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  // A name that resolves to several addresses fails with one error for each and no message.
  const [first] = error instanceof AggregateError ? error.errors : []
  return error.message || (first instanceof Error ? first.message : error.name)
}
