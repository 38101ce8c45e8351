/** Alerts for people who are not at the machine: what a program that wants them gives and gets. */
import type { AlertCondition, AlertObservations, AlertRetry, AlertWay, Language, NodeId } from '@lienthong/core'
import type { RelayLog } from '@lienthong/relay'

/** Where alerts go; at least one of the two. */
export interface AlertWays {
  readonly mail: MailOptions | null
  readonly webhook: AlertWebhookOptions | null
}
export const alertWayNames = ['mail', 'webhook'] as const satisfies readonly (keyof AlertWays)[]
export type AlertWayName = (typeof alertWayNames)[number]

export interface MailOptions {
  /** `smtps://host:465` speaks TLS at once; `smtp://host:587` goes over to it, and on this machine need not. */
  readonly smtp: string
  readonly from: string
  readonly to: readonly string[]
  /** null: without signing in. */
  readonly login: { readonly user: string; readonly password: string } | null
  /** Authorities (PEM) beside those everybody knows. On this machine, with it, `smtp:` goes over to TLS too. */
  readonly ca: string | null
  /** For the whole of one attempt, ms. @default 60 000 */
  readonly timeoutMs?: number
}

export interface AlertWebhookOptions {
  readonly url: string
  /** `whsec_` and base64, as Standard Webhooks has it. */
  readonly secret: string
  /** Authorities (PEM) beside those everybody knows. */
  readonly ca: string | null
  /** For the whole of one attempt, ms. @default 15 000 */
  readonly timeoutMs?: number
}

export interface AlertOptions {
  readonly node: NodeId
  readonly ways: AlertWays
  /** Where what is known and what waits is kept: `alerts.json` in this folder. */
  readonly dataDir: string
  /** How everything does now. May throw and may hang: that is an alert itself. */
  readonly observe: () => Promise<AlertObservations>
  /** Between two looks, ms. */
  readonly everyMs: number
  /** What lasts is said again after this, ms. */
  readonly remindAfterMs: number
  readonly language: Language
  readonly log: RelayLog
  /** ms since the epoch. @default Date.now */
  readonly now?: () => number
  /** Pauses after failures. @default 15 s doubling to 30 min */
  readonly retry?: AlertRetry
}

/** Looks, and tells, until it is closed. */
export interface Alerts {
  /** Looks no more, cuts off what is being sent after two seconds, and has all that waits on disk. Idempotent. */
  close(): Promise<void>
}

/** All that outlives the process. */
export interface AlertBook {
  readonly conditions: readonly AlertCondition[]
  readonly ways: Readonly<Record<AlertWayName, AlertWay>>
}

/** What is told on either way. */
export interface AlertLetter {
  /** The same each time it is told. */
  readonly id: string
  /** When it was written, ms. */
  readonly at: number
  readonly subject: string
  readonly text: string
  /** For programs. */
  readonly data: object
}

export interface AlertAttempt {
  readonly told: boolean
  /** For what it is: it will be refused again. */
  readonly refused: boolean
  readonly error: string | null
}

/** One attempt. Never throws. */
export type TellAlert = (letter: AlertLetter, signal?: AbortSignal) => Promise<AlertAttempt>
