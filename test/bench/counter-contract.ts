/** What the bench and its counting process say to each other. */
import type { Failed } from './forked.ts'

export interface CountOrder {
  /** With vhost and account: `amqp://user:password@127.0.0.1:5672/G22`. */
  readonly url: string
  readonly queue: string
  /** `frames` are a relay's, each with segments of documents; a `message` is one document. */
  readonly holds: 'frames' | 'messages'
  /** Documents and their segments, all together. */
  readonly documents: number
  readonly segments: number
}

export type CounterReport =
  | { readonly type: 'ready' }
  | {
      readonly type: 'counted'
      /** Monotonic ms of the arrival that completed the last document. */
      readonly lastAt: number
      /** AMQP messages taken. */
      readonly messages: number
      /** [uid or message id, monotonic ms of its completion]. */
      readonly arrivals: readonly (readonly [string, number])[]
    }
  | Failed
