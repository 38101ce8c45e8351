/**
 * Canaries: small messages that go through the parent's relay and come back, and how long they took.
 *
 * One goes out each period while the link is in use or the last one has not come back, and each third period while it rests:
 * it is two writes to quorum queues, and a province has hundreds of links at rest. A parent's relay that is gone is known
 * three periods after the last proof on a link in use, and within five on one at rest.
 * Times are milliseconds of a monotonic clock.
 */
import { randomBytes } from 'node:crypto'

/** A canary is missing when none has come back for this many periods. */
const missingAfterPeriods = 3

/** A link at rest is proved once in so many periods. */
const restPeriods = 3

/** Canaries remembered; older ones coming back still count as an answer that nobody times. */
const rememberedCanaries = 16

const nonceBytes = 12

export class CanaryWatch {
  readonly #periodMs: number
  readonly #sentAt = new Map<string, number>()
  #sentLast = 0
  #used = false
  /** From when on the parent's relay was not proved; null while it is. */
  #unprovedSince: number | null = null
  #roundTripMs: number | null = null

  constructor(periodMs: number) {
    this.#periodMs = periodMs
  }

  /** Round trip of the newest canary that came back; null before. */
  get roundTripMs(): number | null {
    return this.#roundTripMs
  }

  /** A new connection: canaries are awaited from now on. */
  restart(now: number): void {
    this.#sentAt.clear()
    this.#unprovedSince = now
  }

  /** Something else went over the link. */
  used(): void {
    this.#used = true
  }

  /** Asked once a period: whether the next one is to go. */
  due(now: number): boolean {
    const waits = this.#unprovedSince !== null
    return this.#used || waits || now - this.#sentLast >= restPeriods * this.#periodMs
  }

  /** The body of the next canary. `tick` is when it was meant to go: timers are a little late, and never by the same. */
  next(now: number, tick = now): Uint8Array {
    const nonce = randomBytes(nonceBytes)
    // The proof before was good for a period.
    this.#unprovedSince ??= tick - this.#periodMs
    this.#sentLast = tick
    this.#used = false
    this.#sentAt.set(nonce.toString('hex'), now)
    for (const oldest of this.#sentAt.keys()) {
      if (this.#sentAt.size <= rememberedCanaries) break
      this.#sentAt.delete(oldest)
    }
    return nonce
  }

  /** Takes a canary that came back. False when it is none of ours. */
  returned(body: Uint8Array, now: number): boolean {
    const nonce = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('hex')
    const sentAt = this.#sentAt.get(nonce)
    if (sentAt === undefined) return false
    this.#sentAt.delete(nonce)
    this.#roundTripMs = now - sentAt
    this.#unprovedSince = null
    return true
  }

  missing(now: number): boolean {
    return this.#unprovedSince !== null && now - this.#unprovedSince >= missingAfterPeriods * this.#periodMs
  }
}
