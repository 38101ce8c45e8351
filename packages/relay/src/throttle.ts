/** Lets bytes pass at a rate that may change at any time, in the order in which they came. */

export interface Throttle {
  /** null: as fast as they come; those who wait go at once. */
  setRate(bytesPerSecond: number | null): void
  /** Resolves when these bytes may go. Rejects with the signal's reason. */
  take(bytes: number, signal?: AbortSignal): Promise<void>
}

export function createThrottle(now: () => number = () => performance.now()): Throttle {
  let rate: number | null = null
  /** When the bytes taken so far will have passed. */
  let free = 0
  let last: Promise<void> = Promise.resolve()
  /** How many have not passed yet. */
  let line = 0
  let wake: (() => void) | null = null

  function wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => () => {
        clearTimeout(timer)
        wake = null
        signal?.removeEventListener('abort', abort)
        end()
      }
      const abort = settle(() => reject(signal?.reason as Error))
      const go = settle(resolve)
      const timer = setTimeout(go, ms)
      wake = go
      signal?.addEventListener('abort', abort, { once: true })
    })
  }

  async function pass(bytes: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    if (rate === null) return
    const at = now()
    const begin = Math.max(at, free)
    free = begin + (bytes / rate) * 1000
    if (begin > at) await wait(begin - at, signal)
  }

  return {
    setRate(bytesPerSecond) {
      rate = bytesPerSecond
      free = 0
      wake?.()
    },
    take(bytes, signal) {
      if (rate === null && line === 0) return Promise.resolve()
      line += 1
      const mine = last.then(() => pass(bytes, signal)).finally(() => (line -= 1))
      last = mine.catch(() => undefined)
      return mine
    },
  }
}
