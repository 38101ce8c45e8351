import { join } from 'node:path'
import { RelayError } from '@lienthong/core'

/** Bytes of a Unix socket's path on Linux, without the closing NUL [unix(7), sun_path]. */
export const maxSocketPathBytes = 107

/** Where the node with this data folder listens. */
export function socketPathOf(dataDir: string): string {
  return join(dataDir, 'control.sock')
}

/** Throws CONTROL_PATH_TOO_LONG: the system would cut the path off without a word. */
export function checkSocketPath(path: string): void {
  if (Buffer.byteLength(path) > maxSocketPathBytes) {
    throw new RelayError('CONTROL_PATH_TOO_LONG', { detail: { path, limit: maxSocketPathBytes } })
  }
}
