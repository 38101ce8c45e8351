import { RelayError } from '@lienthong/core'

/** Words of the library about a connection or channel. */
export function brokerAway(cause: unknown): RelayError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new RelayError('BROKER_UNREACHABLE', { detail: { reason }, cause })
}
