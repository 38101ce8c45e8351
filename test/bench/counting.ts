/** The bench's end of the counting process. */
import type { Teardown } from '../kit/index.ts'
import type { CounterReport, CountOrder } from './counter-contract.ts'
import { startForked } from './forked.ts'

export type Count = Extract<CounterReport, { type: 'counted' }>

export interface Counter {
  /** Resolves when it consumes; `counted` when all ordered documents have come, and rejects after `deadlineMs`. */
  count(order: CountOrder, deadlineMs?: number): Promise<{ readonly counted: Promise<Count> }>
}

const countDeadlineMs = 180_000

/** Starts the process; it ends with this one. */
export function startCounter(teardown: Teardown): Counter {
  const { order: give, next } = startForked<CountOrder, CounterReport>('./counter.js', teardown)
  return {
    async count(order, deadlineMs = countDeadlineMs) {
      give(order)
      await next(deadlineMs)
      const counted = next(deadlineMs) as Promise<Count>
      // Whoever ordered may fail before it looks at this.
      counted.catch(() => {})
      return { counted }
    },
  }
}
