import { RelayError } from '@lienthong/core'
import type { AmqpLine } from './amqp/amqp-line.ts'
import { anySignal } from './any-signal.ts'
import type { PacketSource, SubmitOptions, Submitted } from './contract.ts'
import type { HttpLine } from './http.ts'
import { openPacketBytes, smallBytes } from './packet-bytes.ts'
import { submitByUpload } from './upload.ts'

export interface Lines {
  readonly http: HttpLine
  /** null: not configured. */
  readonly amqp: AmqpLine | null
}

/** Hands a packet in by whichever way fits its size and is open. */
export async function submitPacket(lines: Lines, source: PacketSource, options: SubmitOptions): Promise<Submitted> {
  options.signal?.throwIfAborted()
  await using packet = await openPacketBytes(source)
  if (packet.size > smallBytes) return await submitByUpload(lines.http, packet, options)
  return await submitSmall(lines, await packet.read(0, packet.size), options)
}

/**
 * By AMQP and HTTP in turns: after a failure nobody knows whether the node has the document, which is why it is its content
 * that names it.
 */
async function submitSmall({ http, amqp }: Lines, bytes: Uint8Array, options: SubmitOptions): Promise<Submitted> {
  using linked = anySignal([options.signal, http.closing])
  const { signal } = linked
  const overHttp = () =>
    http.askOnce<Submitted>({ method: 'POST', path: '/v1/documents', query: { to: options.to }, bytes, signal })
  const patience = http.patience(signal)
  let byAmqp = amqp !== null
  for (;;) {
    try {
      if (amqp !== null && byAmqp && (await amqp.isOpen(signal)))
        return await amqp.submit(bytes, { ...options, signal })
      return await overHttp()
    } catch (error) {
      if (!(error instanceof RelayError)) throw error
      const useHttp = error.code === 'USE_HTTP'
      if (!useHttp) await patience.wait(error)
      byAmqp = !useHttp && !byAmqp
    }
  }
}
