/**
 * The link to the parent: two connections to the parent's broker, because a broker under alarm stops reading from
 * connections that publish, and what it has for us must still come.
 *
 * ```
 *   this node                          parent's broker                      parent's relay
 *   sender ──── hello, canary, frames ─▶ (lt.from.<self>) ─▶ lt.transit.* ─▶
 *      ▲  confirm: the broker has it      │
 *   receivers ◀──────────────────── lt.link.<self>.express|bulk ◀── hello, canary, frames
 * ```
 *
 * A confirm opens the link; a canary that returns proves the parent's relay too. The phases are those of `link-state`
 * in core. This node declares nothing at its parent, not even passively.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  advanceLink,
  closedLink,
  type Lane,
  type LinkEvent,
  type LinkReason,
  type LinkState,
  lanes,
  linkPhase,
  linkUsable,
  RelayError,
} from '@lienthong/core'
import { CanaryWatch } from './canary.ts'
import { SupervisedConnection } from './connection.ts'
import type {
  Delivery,
  Hello,
  LinkStatus,
  MessageType,
  ParentLink,
  ParentLinkOptions,
  Receiver,
  Sender,
  SendOutcome,
} from './contract.ts'
import { names } from './names.ts'
import { decodeHello, encodeHello } from './wire/hello.ts'

/** Milliseconds between two canaries on a link in use. */
const canaryEveryMsDefault = 10_000

const helloRetryMs = 500

/** What made a frame impossible to handle is given this long to pass: each turn counts as a delivery at the broker. */
const redeliverAfterMs = 200

/** Opens the link and keeps it open until `close`. Returns at once and never throws for a parent that is away. */
export function openParentLink(options: ParentLinkOptions): ParentLink {
  return new TwoConnectionLink(options)
}

class TwoConnectionLink implements ParentLink {
  readonly #options: ParentLinkOptions
  readonly #publishing: SupervisedConnection
  readonly #consuming: SupervisedConnection
  readonly #sender: Sender
  readonly #canaries: CanaryWatch
  readonly #canaryEveryMs: number
  #canaryTimer: NodeJS.Timeout | undefined
  readonly #receivers: readonly Receiver[]
  readonly #openLanes = new Set<Lane>()
  readonly #whenUsable = new Set<() => void>()
  #state: LinkState = advanceLink(closedLink, 'start')
  #since = Date.now()
  #peer: Hello | null = null
  #hello: 'due' | 'sent' | 'confirmed' = 'due'
  #helloTimer: NodeJS.Timeout | undefined
  #told = ''
  #redelivering: Promise<void> | undefined
  #closed: Promise<void> | undefined

  constructor(options: ParentLinkOptions) {
    this.#options = options
    this.#canaryEveryMs = options.canaryEveryMs ?? canaryEveryMsDefault
    this.#canaries = new CanaryWatch(this.#canaryEveryMs)
    this.#publishing = this.#connect('up')
    this.#consuming = this.#connect('down')
    this.#publishing.onChange(() => {
      this.#readBlocked()
      this.#tell()
    })
    this.#consuming.onChange(() => this.#tell())
    this.#sender = this.#publishing.openSender(options.sender, (open) => this.#senderTurned(open))
    this.#receivers = lanes.map((lane) => this.#receive(lane))
    this.#tickLater()
  }

  get status(): LinkStatus {
    return {
      phase: linkPhase(this.#state),
      reasons: this.#reasons(),
      since: this.#since,
      canaryMs: this.#canaries.roundTripMs,
      peer: this.#peer,
    }
  }

  get usable(): boolean {
    return linkUsable(this.#state)
  }

  async send(lane: Lane, frame: Uint8Array): Promise<SendOutcome> {
    this.#canaries.used()
    return await this.#publish(lane, 'lt.frame', frame)
  }

  async sendDirectory(body: Uint8Array): Promise<SendOutcome> {
    return await this.#publish('express', 'lt.directory', body)
  }

  async ready(bytes: number, signal?: AbortSignal): Promise<void> {
    for (;;) {
      if (!linkUsable(this.#state)) await this.#untilUsable(signal)
      await this.#sender.ready(bytes, signal)
      // The link may have gone while its sender had no room.
      if (linkUsable(this.#state)) return
    }
  }

  redeliver(): Promise<void> {
    this.#redelivering ??= this.#redeliver().finally(() => {
      this.#redelivering = undefined
    })
    return this.#redelivering
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  #connect(direction: 'up' | 'down'): SupervisedConnection {
    const { address, self, heartbeatSeconds } = this.#options
    return new SupervisedConnection({
      ...address,
      name: `lienthong ${self} ${direction}`,
      ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    })
  }

  #receive(lane: Lane): Receiver {
    const { self, prefetch } = this.#options
    return this.#consuming.openReceiver(
      { queue: names.link(self, lane), prefetch: prefetch[lane], onDelivery: (delivery) => this.#take(lane, delivery) },
      (open) => {
        if (open) this.#openLanes.add(lane)
        else this.#openLanes.delete(lane)
        this.#advance(this.#openLanes.size === lanes.length ? 'receiver-up' : 'receiver-down')
      },
    )
  }

  #senderTurned(open: boolean): void {
    this.#hello = 'due'
    if (!open) {
      this.#advance('sender-down')
      return
    }
    this.#canaries.restart(performance.now())
    this.#advance('sender-up')
    this.#readBlocked()
    this.#sayHello()
    this.#sendCanary()
  }

  #readBlocked(): void {
    this.#advance(this.#publishing.status.blocked === null ? 'unblocked' : 'blocked')
  }

  /** At whole tenths of a period on the clock of the process: links of its nodes at rest wake it together. */
  #tickLater(before = performance.now()): void {
    const now = performance.now()
    const grid = this.#canaryEveryMs / 10
    // What has been missed is not caught up.
    const at = Math.round((Math.max(before, now - this.#canaryEveryMs) + this.#canaryEveryMs) / grid) * grid
    this.#canaryTimer = setTimeout(
      () => {
        this.#tickLater(at)
        this.#tick(at)
      },
      Math.ceil(at - now),
    )
  }

  #tick(at: number): void {
    if (!this.#sender.open || this.#publishing.status.blocked !== null) return
    if (this.#canaries.missing(at)) this.#advance('canary-missing')
    if (this.#hello === 'due') this.#sayHello()
    if (this.#canaries.due(at)) this.#sendCanary(at)
  }

  #sayHello(): void {
    this.#hello = 'sent'
    void this.#publish('express', 'lt.hello', encodeHello(this.#options.hello())).then((outcome) => {
      this.#hello = outcome === 'confirmed' ? 'confirmed' : 'due'
      if (this.#hello === 'due') this.#sayHelloLater()
    })
  }

  /** A parent that is just declaring its objects returns the first one: waiting for a canary would cost seconds. */
  #sayHelloLater(): void {
    clearTimeout(this.#helloTimer)
    this.#helloTimer = setTimeout(() => {
      if (this.#hello === 'due' && this.#sender.open) this.#sayHello()
    }, helloRetryMs)
  }

  #sendCanary(at = performance.now()): void {
    void this.#publish('express', 'lt.canary', this.#canaries.next(performance.now(), at))
  }

  async #publish(lane: Lane, type: MessageType, body: Uint8Array): Promise<SendOutcome> {
    const outcome = await this.#sender.send({ exchange: names.from(this.#options.self), routingKey: lane, type, body })
    if (outcome === 'confirmed') this.#advance('confirmed')
    else if (outcome === 'late') this.#confirmLate()
    return outcome
  }

  /** A broker that said it is blocked has told why it is late; any other is asked anew on a fresh connection. */
  #confirmLate(): void {
    if (this.#publishing.status.blocked !== null) return
    this.#advance('confirm-late')
    this.#publishing.recycle('no confirm in time')
  }

  #take(lane: Lane, delivery: Delivery): void {
    if (delivery.type === 'lt.hello') this.#readHello(delivery.body)
    else if (delivery.type === 'lt.canary') this.#takeCanary(delivery.body)
    else {
      this.#canaries.used()
      this.#options.onFrame(lane, delivery)
      return
    }
    delivery.settle()
  }

  #takeCanary(body: Uint8Array): void {
    if (this.#canaries.returned(body, performance.now())) this.#advance('canary-returned')
  }

  #readHello(body: Uint8Array): void {
    let hello: Hello
    try {
      hello = decodeHello(body)
    } catch {
      this.#advance('hello-unreadable')
      return
    }
    const before = this.#peer
    this.#peer = hello
    this.#advance('hello-read')
    this.#tell()
    // A parent that has started anew does not know us; the first hello is the answer to ours.
    if (before !== null && before.instance !== hello.instance) this.#sayHello()
  }

  #advance(event: LinkEvent): void {
    const before = this.#state
    this.#state = advanceLink(before, event)
    if (this.#state === before) return
    if (linkPhase(this.#state) !== linkPhase(before)) this.#since = Date.now()
    this.#tell()
    if (!this.usable && this.#state.wanted) return
    for (const wake of this.#whenUsable) wake()
    this.#whenUsable.clear()
  }

  /** Tells what has changed, except for the time of a canary: that would be a line every few seconds. */
  #tell(): void {
    const status = this.status
    const told = JSON.stringify([status.phase, status.reasons, status.peer])
    if (told === this.#told) return
    this.#told = told
    this.#options.onStatus(status)
  }

  #reasons(): readonly string[] {
    const quotes: Partial<Record<LinkReason, string | null>> = {
      'sender-down': this.#publishing.status.lastError,
      'receiver-down': this.#consuming.status.lastError,
      blocked: this.#publishing.status.blocked,
    }
    return this.#state.reasons.map((reason) => (quotes[reason] ? `${reason}: ${quotes[reason]}` : reason))
  }

  async #redeliver(): Promise<void> {
    await Promise.all(this.#receivers.map((receiver) => receiver.pause()))
    await sleep(redeliverAfterMs)
    if (this.#closed === undefined) for (const receiver of this.#receivers) receiver.resume()
  }

  #untilUsable(signal?: AbortSignal): Promise<void> {
    if (!this.#state.wanted) return Promise.reject(new RelayError('NODE_STOPPING'))
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', abort)
        if (this.#state.wanted) resolve()
        else reject(new RelayError('NODE_STOPPING'))
      }
      const abort = (): void => {
        this.#whenUsable.delete(wake)
        reject(signal?.reason as Error)
      }
      this.#whenUsable.add(wake)
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  async #close(): Promise<void> {
    clearTimeout(this.#canaryTimer)
    clearTimeout(this.#helloTimer)
    this.#advance('stop')
    await Promise.all([this.#publishing.close(), this.#consuming.close()])
  }
}
