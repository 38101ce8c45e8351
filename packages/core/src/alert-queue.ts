/** Messages that wait to be told on one way, by mail or by webhook: in order, tried again, and never more than so many. */
import type { AlertNews } from './alerts.ts'

const minuteMs = 60_000

/** Messages on one way, at most: a server that is away for long must not fill the disk. */
export const maxQueuedAlerts = 100
/** What could not be told within this is no news any more. */
export const alertPatienceMs = 3 * 24 * 60 * minuteMs
/** A message that was refused so many times for what it is keeps the others waiting no longer. */
const maxRefusals = 5

export interface QueuedAlert {
  /** The same each time it is told. */
  readonly id: string
  readonly at: number
  readonly news: readonly AlertNews[]
}

export interface AlertWay {
  /** Oldest first. */
  readonly queue: readonly QueuedAlert[]
  /** In a row. */
  readonly failures: number
  /** Of these, those the message itself was refused for. */
  readonly refusals: number
  /** Not tried before, ms. */
  readonly nextAt: number
  readonly lastError: string | null
}

export const emptyAlertWay: AlertWay = { queue: [], failures: 0, refusals: 0, nextAt: 0, lastError: null }

/** What is left, and what is given up for good. */
export interface AlertWayStep {
  readonly way: AlertWay
  readonly dropped: readonly QueuedAlert[]
}

/** At the limit reminders go first, then what is oldest. The first in line may be under way and stays. */
export function queueAlert(way: AlertWay, alert: QueuedAlert): AlertWayStep {
  if (way.queue.length < maxQueuedAlerts) return { way: { ...way, queue: [...way.queue, alert] }, dropped: [] }
  const [first, ...rest] = way.queue
  const spare = rest.find(({ news }) => news.every(({ change }) => change === 'reminded')) ?? rest[0]
  const kept = [first, ...rest].filter((each) => each !== undefined && each !== spare) as readonly QueuedAlert[]
  return { way: { ...way, queue: [...kept, alert] }, dropped: spare === undefined ? [] : [spare] }
}

export function alertTold(way: AlertWay, id: string): AlertWay {
  return { ...emptyAlertWay, queue: way.queue.filter((each) => each.id !== id) }
}

export interface AlertRetry {
  /** The first pause, ms; doubles. @default 15 000 */
  readonly firstMs: number
  /** The longest pause, ms. @default 30 min */
  readonly maxMs: number
}

export const defaultAlertRetry: AlertRetry = { firstMs: 15_000, maxMs: 30 * minuteMs }

/** `refused`: for what the message is, and it will be again. `random`: 0 … 1, spreads by up to a fifth. */
export function alertFailed(
  way: AlertWay,
  { now, random, error, refused }: { now: number; random: number; error: string; refused: boolean },
  { firstMs, maxMs }: AlertRetry = defaultAlertRetry,
): AlertWayStep {
  const refusals = refused ? way.refusals + 1 : 0
  const pauseMs = Math.min(maxMs, firstMs * 2 ** Math.min(way.failures, 30))
  const [first] = way.queue
  const dropped = way.queue.filter(
    (each) => now - each.at >= alertPatienceMs || (each === first && refusals >= maxRefusals),
  )
  return {
    way: {
      queue: way.queue.filter((each) => !dropped.includes(each)),
      failures: way.failures + 1,
      refusals: refusals >= maxRefusals ? 0 : refusals,
      nextAt: now + Math.round(pauseMs * (1 + random / 5)),
      lastError: error,
    },
    dropped,
  }
}
