import { RelayError } from '@lienthong/core'

/** FRAME_INVALID with the part at fault and the rule it breaks. */
export function frameInvalid(what: string, why: string, cause?: unknown): RelayError {
  return new RelayError('FRAME_INVALID', { detail: { what, why }, cause })
}

/** VERSION_UNSUPPORTED with the major version found. */
export function versionUnsupported(what: string, version: number): RelayError {
  return new RelayError('VERSION_UNSUPPORTED', { detail: { what, version } })
}

/** Runs a reader; whatever it throws that is not a RelayError becomes FRAME_INVALID. */
export function refusing<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RelayError) throw error
    throw frameInvalid(what, error instanceof Error ? error.message : 'is not CBOR', error)
  }
}
