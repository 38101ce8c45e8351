/** Between a connection and the senders and receivers that live on it. */
import type { ChannelModel } from './amqp.ts'
import type { BackOff } from './back-off.ts'
import type { ConnectionStatus } from './contract.ts'

/** Longest wait for the broker's answer when a channel is closed for good. */
export const channelCloseMs = 2_000

/** What a sender or receiver needs of its connection. */
export interface ChannelHost {
  readonly status: ConnectionStatus
  readonly user: string
  readonly backOff: BackOff
  /** Tells of an error of a channel; the connection stays. */
  report(error: unknown): void
  /** Forgets a sender or receiver that has closed. */
  release(part: ConnectionPart): void
}

/** A sender or receiver as its connection sees it. */
export interface ConnectionPart {
  connectionOpened(model: ChannelModel): void
  connectionLost(): void
  /** The connection became blocked or unblocked. */
  connectionChanged(): void
  close(): Promise<void>
}
