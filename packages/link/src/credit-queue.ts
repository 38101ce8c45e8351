/**
 * Credit in bytes, given in order of asking. What was granted and not yet used is kept aside until the end of the turn
 * of the event loop, so that many who wait do not all get the same room.
 */
export class CreditQueue {
  readonly #maxBytes: number
  readonly #mayGrant: () => boolean
  readonly #waiting = new Set<Waiter>()
  #usedBytes = 0
  #grantedBytes = 0
  #turnEnds = false
  #ended: Error | undefined

  /** `mayGrant` is asked before every grant; call `grant` when its answer may have become true. */
  constructor(maxBytes: number, mayGrant: () => boolean) {
    this.#maxBytes = maxBytes
    this.#mayGrant = mayGrant
  }

  get usedBytes(): number {
    return this.#usedBytes
  }

  use(bytes: number): void {
    this.#usedBytes += bytes
    this.#grantedBytes = Math.max(0, this.#grantedBytes - bytes)
  }

  free(bytes: number): void {
    this.#usedBytes -= bytes
  }

  /** Resolves when `bytes` more may be used. More than the limit is granted when nothing is in use. */
  wait(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    if (this.#waiting.size === 0 && this.#fits(bytes)) {
      this.#take(bytes)
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(waiter)
        reject(signal?.reason as Error)
        // The one behind may be smaller.
        this.grant()
      }
      const leave = (): void => signal?.removeEventListener('abort', abort)
      const waiter: Waiter = {
        bytes,
        resolve: () => {
          leave()
          resolve()
        },
        reject: (error) => {
          leave()
          reject(error)
        },
      }
      this.#waiting.add(waiter)
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  /** Serves those who wait, as far as there is room. */
  grant(): void {
    for (const waiter of this.#waiting) {
      if (!this.#fits(waiter.bytes)) return
      this.#waiting.delete(waiter)
      this.#take(waiter.bytes)
      waiter.resolve()
    }
  }

  /** Rejects all who wait, and whoever asks later. */
  end(error: Error): void {
    this.#ended = error
    for (const waiter of this.#waiting) waiter.reject(error)
    this.#waiting.clear()
  }

  #fits(bytes: number): boolean {
    const spoken = this.#usedBytes + this.#grantedBytes
    return this.#mayGrant() && (spoken === 0 || spoken + bytes <= this.#maxBytes)
  }

  #take(bytes: number): void {
    this.#grantedBytes += bytes
    if (this.#turnEnds) return
    this.#turnEnds = true
    setImmediate(() => {
      this.#turnEnds = false
      this.#grantedBytes = 0
      this.grant()
    })
  }
}

interface Waiter {
  readonly bytes: number
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}
