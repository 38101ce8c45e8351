/** What crosses the thread. Both ways a message carries many; bytes are copied, never shared. */
import type { Failure } from './failure.ts'
import type { SessionOptions } from './session.ts'

export interface Call {
  readonly id: number
  readonly store: number
  /** An operation's name, or `open` (args: SessionOptions) and `close`, which run outside transactions. */
  readonly name: string
  readonly args: unknown
}

export type OpenArguments = SessionOptions

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }

export interface Report {
  readonly store: number
  readonly answers: readonly Answer[]
  /** Payload files no row refers to any more, as of the transaction these answers are from. */
  readonly released: readonly string[]
}
