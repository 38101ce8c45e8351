import { RelayError } from '@lienthong/core'

/** Tasks of several steps that closing waits for. */
export class Work {
  readonly #running = new Set<Promise<unknown>>()
  #ended = false

  /** Throws STORE_FAILED after `end`. */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    if (this.#ended) throw new RelayError('STORE_FAILED', { detail: { reason: 'the store is closed' } })
    return await this.#track(task())
  }

  /** For removals nobody waits for: a file that stays is swept at the next open. */
  runUnwatched(task: () => Promise<void>): void {
    void this.#track(task().catch(() => undefined))
  }

  /** Waits for what runs; takes nothing new. */
  async end(): Promise<void> {
    this.#ended = true
    while (this.#running.size > 0) await Promise.allSettled(this.#running)
  }

  async #track<Result>(running: Promise<Result>): Promise<Result> {
    this.#running.add(running)
    try {
      return await running
    } finally {
      this.#running.delete(running)
    }
  }
}
