/** What a node has done since it started, by the names of the figures. */
import type { RelayEvent } from './contract.ts'
import type { FigureName, figureTable } from './doors.ts'

export type CounterName = {
  [Name in FigureName]: (typeof figureTable)[Name]['type'] extends 'counter' ? Name : never
}[FigureName]

export interface Counters {
  count(name: CounterName, more?: number): void
  /** Counts what this event says happened. */
  observe(event: RelayEvent): void
  read(): Readonly<Record<CounterName, number>>
}

export function createCounters(): Counters {
  const totals: Record<CounterName, number> = {
    accepted_total: 0,
    accepted_bytes_total: 0,
    delivered_total: 0,
    collected_total: 0,
    changed_total: 0,
    received_segments_total: 0,
    sent_segments_total: 0,
    dropped_total: 0,
    notices_given_up_total: 0,
  }
  function count(name: CounterName, more = 1): void {
    totals[name] += more
  }
  return {
    count,
    observe(event) {
      switch (event.type) {
        case 'accepted':
          count('accepted_total')
          return count('accepted_bytes_total', event.size)
        case 'delivered':
          return count('delivered_total', event.fresh.length)
        case 'received':
          return count('received_segments_total')
        case 'sent':
          return count('sent_segments_total')
        case 'dropped':
          return count('dropped_total')
        case 'receipt':
        case 'dead':
        case 'link':
          return
      }
    },
    read: () => ({ ...totals }),
  }
}
