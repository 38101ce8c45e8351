/** When a failed call is tried again: pauses grow, half of each is left to chance, and what the node asks for is kept. */
import type { RelayError } from '@lienthong/core'

const shortestMs = 200
const longestMs = 15_000
/** Nobody waits longer than this because a node says so, ms. */
const longestAskedMs = 300_000

/**
 * Pause before try `attempt` + 1, ms; `attempt` counts from 1, `random` is 0 … 1. With `askedMs` (Retry-After) at least that
 * long, and up to a quarter longer, so that clients told the same thing do not come back together.
 */
export function retryDelayMs(attempt: number, random: number, askedMs: number | null = null): number {
  if (askedMs !== null) return Math.min(askedMs, longestAskedMs) * (1 + random / 4)
  const full = Math.min(longestMs, shortestMs * 2 ** Math.min(attempt - 1, 10))
  return full / 2 + (random * full) / 2
}

export interface Patience {
  /** Waits before the next try, or throws `error` when there is none: it will not pass, or time is up. */
  wait(error: RelayError): Promise<void>
  /** Something got on: time and pauses begin anew. */
  renew(): void
}

export interface PatienceOptions {
  readonly retryForMs: number
  /** Ends every wait with its reason. */
  readonly signal: AbortSignal
  readonly onTrouble: (error: RelayError) => void
}

/** For one call with all its tries. */
export function openPatience({ retryForMs, signal, onTrouble }: PatienceOptions): Patience {
  let attempt = 0
  let since = performance.now()
  return {
    async wait(error) {
      signal.throwIfAborted()
      if (!isPassing(error) || performance.now() - since >= retryForMs) throw error
      onTrouble(error)
      attempt += 1
      await pause(retryDelayMs(attempt, Math.random(), askedMs(error)), signal)
    },
    renew() {
      attempt = 0
      since = performance.now()
    },
  }
}

/** Whether the same call may succeed later. */
export function isPassing({ retryable, detail }: RelayError): boolean {
  return retryable || [429, 502, 503, 504].includes(Number(detail['status']))
}

function askedMs({ detail }: RelayError): number | null {
  const seconds = detail['retryAfterSeconds']
  return typeof seconds === 'number' ? seconds * 1000 : null
}

/** Rejects with the signal's reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const onAbort = () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    }, ms)
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
