/**
 * Which deliveries of one channel may be acknowledged, and with how few acks.
 *
 * A channel numbers its deliveries 1, 2, 3 …; they settle in any order. One `basic.ack` with `multiple`
 * settles everything up to a number, so the ledger keeps the highest number below which nothing is open:
 *
 * ```
 *   delivered  1 2 3 4 5 6 7        settled ✓    take() → 3, one ack for three deliveries
 *   settled    ✓ ✓ ✓ · ✓ ✓ ·        open    ·    scattered() → 5, 6, only wanted when the channel ends
 * ```
 *
 * Acks one by one halve a relay's throughput (measured over three hops with quorum queues), hence this.
 *
 * - A number is never acknowledged before it and all before it have settled.
 * - Settling a number twice, or one that was never delivered, changes nothing.
 * - A ledger belongs to one channel: when the channel is lost, so is the ledger, and the broker delivers again.
 */
export class AckLedger {
  #delivered = 0
  #contiguous = 0
  #taken = 0
  readonly #ahead = new Set<number>()

  /** Deliveries taken and not settled. */
  get unsettled(): number {
    return this.#delivered - this.#contiguous - this.#ahead.size
  }

  /** Notes a delivery; tags of a channel grow by one. Throws RangeError for a gap, which a channel never makes. */
  deliver(tag: number): void {
    if (tag !== this.#delivered + 1) throw new RangeError(`delivery ${tag} follows ${this.#delivered}`)
    this.#delivered = tag
  }

  /** Notes that a delivery is done with. False when it was already, or is unknown. */
  settle(tag: number): boolean {
    if (tag <= this.#contiguous || tag > this.#delivered || this.#ahead.has(tag)) return false
    if (tag !== this.#contiguous + 1) {
      this.#ahead.add(tag)
      return true
    }
    this.#contiguous = tag
    while (this.#ahead.delete(this.#contiguous + 1)) this.#contiguous += 1
    return true
  }

  /** The tag to acknowledge with `multiple`, or null when nothing new has become contiguous. */
  take(): number | null {
    if (this.#contiguous === this.#taken) return null
    this.#taken = this.#contiguous
    return this.#taken
  }

  /** Settled tags behind an open one, ascending, to acknowledge singly before a channel is closed. */
  scattered(): readonly number[] {
    return [...this.#ahead].sort((a, b) => a - b)
  }
}
