/**
 * Canaries under way: small messages that go through the parent's relay and come back, and how long they took.
 * Times are milliseconds of a monotonic clock.
 */
import { randomBytes } from 'node:crypto'

/** A canary is missing when none has come back for this many periods. */
const missingAfterPeriods = 3

/** Canaries remembered; older ones coming back still count as an answer that nobody times. */
const rememberedCanaries = 16

const nonceBytes = 12

export class CanaryWatch {
  readonly #periodMs: number
  readonly #sentAt = new Map<string, number>()
  #lastProof = 0
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
    this.#lastProof = now
  }

  /** The body of the next canary. */
  next(now: number): Uint8Array {
    const nonce = randomBytes(nonceBytes)
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
    this.#lastProof = now
    return true
  }

  missing(now: number): boolean {
    return now - this.#lastProof >= missingAfterPeriods * this.#periodMs
  }
}
