import { RelayError } from '@lienthong/core'

/** FRAME_INVALID with the part at fault and the rule it breaks. */
export function frameInvalid(what: string, why: string, cause?: unknown): RelayError {
  return new RelayError('FRAME_INVALID', { detail: { what, why }, cause })
}

/** VERSION_UNSUPPORTED with the major version found. */
export function versionUnsupported(what: string, version: number): RelayError {
  return new RelayError('VERSION_UNSUPPORTED', { detail: { what, version } })
}

/** FRAME_INVALID for what a reader of CBOR or text threw. */
export function unreadable(what: string, error: unknown): RelayError {
  if (error instanceof RelayError) return error
  return frameInvalid(what, error instanceof Error ? error.message : 'is not CBOR', error)
}
