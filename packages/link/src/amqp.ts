/** The door to the AMQP library: the only file that imports it. Its types stay inside this package. */
import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage, Message } from 'amqplib'
import { connect, IllegalOperationError } from 'amqplib'
import type { ConnectionOptions } from './contract.ts'

export type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage, Message }
export { IllegalOperationError }

/** A broker that accepts TCP and stays silent during the handshake is given up after this. */
const handshakeTimeoutMs = 10_000

/** After so much silence the kernel asks the other end, and gives the line up 10 s later: at no cost to this process. */
const keepAliveDelayMs = 15_000

/**
 * Opens one connection. Aborting `signal` destroys its socket at any time, during the handshake and after, without
 * waiting for the peer: a half-open connection would otherwise linger for minutes.
 */
export async function dial(
  options: ConnectionOptions,
  heartbeatSeconds: number,
  signal: AbortSignal,
): Promise<ChannelModel> {
  const url = new URL(options.url)
  const secure = url.protocol === 'amqps:'
  // `signal` is an option of every socket, which the library's types leave out.
  const socket = {
    noDelay: true,
    keepAlive: true,
    keepAliveDelay: keepAliveDelayMs,
    timeout: handshakeTimeoutMs,
    clientProperties: { connection_name: options.name, product: 'lienthong' },
    signal,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  }
  return await connect(
    {
      protocol: secure ? 'amqps' : 'amqp',
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port === '' ? (secure ? 5671 : 5672) : Number(url.port),
      username: options.user,
      password: options.password,
      // The library unescapes it.
      vhost: encodeURIComponent(options.vhost),
      heartbeat: heartbeatSeconds,
    },
    socket,
  )
}

/** The library wants a Buffer; this is a view, not a copy. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
