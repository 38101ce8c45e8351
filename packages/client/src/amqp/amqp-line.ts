/**
 * The node's broker, as far as document software uses it: packets handed in with a request and an answer, and notices of
 * what arrived. The connection mends itself; while it is down, HTTP does the work.
 */
import { Connection } from 'rabbitmq-client'
import type { AmqpOptions, ClientOptions, SubmitOptions, Submitted } from '../contract.ts'
import { openAsker } from './asker.ts'
import { brokerAway } from './broker-away.ts'
import { listen, type Notices } from './notices.ts'

/** Longest wait for the very first connection before HTTP is used, ms. */
const firstConnectMs = 5_000
/** Frames of 8 KiB, the library's own choice, would cut a packet of 1 MiB into 128. */
const frameBytes = 128 * 1024

export interface AmqpLine {
  /** Whether packets can go this way now; waits a moment for the first connection. */
  isOpen(signal: AbortSignal): Promise<boolean>
  /** Tried once. Throws what the node refuses, and BROKER_UNREACHABLE when nobody knows what became of it. */
  submit(packet: Uint8Array, options: SubmitOptions & { readonly signal: AbortSignal }): Promise<Submitted>
  /** Begins to hear notices. Idempotent. */
  hear(): Notices
  close(): Promise<void>
}

export function openAmqpLine(
  { url, system, password }: AmqpOptions,
  { as, language = 'vi', onTrouble = () => undefined }: ClientOptions,
): AmqpLine {
  const connection = new Connection({
    url: withAccount(url, system, password),
    frameMax: frameBytes,
    noDelay: true,
    connectionName: `${system} (${as})`,
    retryLow: 200,
    retryHigh: 10_000,
    acquireTimeout: firstConnectMs,
  })
  let first: Promise<void> | null = connection.onConnect(firstConnectMs, true).catch(() => undefined)
  void first.then(() => {
    first = null
  })
  connection.on('error', (error: unknown) => onTrouble(brokerAway(error)))
  const asker = openAsker(connection, { system, as, language })
  let notices: Notices | undefined

  return {
    async isOpen(signal) {
      signal.throwIfAborted()
      if (first !== null) await first
      return connection.ready
    },
    submit: (packet, options) => asker.ask(packet, options),
    hear() {
      notices ??= listen(connection, { system, onTrouble })
      return notices
    },
    async close() {
      notices?.close()
      await asker.close()
      connection.unsafeDestroy()
    },
  }
}

/** The library takes the account from the address whenever there is one. */
function withAccount(url: string, system: string, password: string): string {
  const address = new URL(url)
  address.username = encodeURIComponent(system)
  address.password = encodeURIComponent(password)
  return address.href
}
