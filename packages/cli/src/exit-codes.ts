/** Exit codes of the program: a contract with scripts. Add codes; never change the meaning of one. */
import type { ErrorCode } from '@lienthong/core'

export const exitCodes = {
  ok: 0,
  /** A bug, or something nobody foresaw. */
  internal: 1,
  usage: 2,
  /** The document, the organisation or a file was refused: trying again unchanged is no use. */
  refused: 3,
  notFound: 4,
  /** The node is not running, or its broker or disk cannot take it now: try again later. */
  unavailable: 5,
  configInvalid: 6,
  /** Locked by another process, written by a newer version, or failing. */
  store: 7,
} as const

type ExitName = keyof typeof exitCodes
export type ExitCode = (typeof exitCodes)[ExitName]

const exits: Partial<Record<ErrorCode, ExitName>> = {
  USAGE: 'usage',
  INTERNAL: 'internal',
  NOT_FOUND: 'notFound',
  CONFIG_INVALID: 'configInvalid',
  DIRECTORY_INVALID: 'configInvalid',
  CONTROL_PATH_TOO_LONG: 'configInvalid',
  BROKER_REFUSED: 'configInvalid',
  TOPOLOGY_DIFFERS: 'configInvalid',
  STORE_LOCKED: 'store',
  STORE_NEWER: 'store',
  STORE_FAILED: 'store',
  DISK_FULL: 'store',
  LISTEN_FAILED: 'unavailable',
  RATE_LIMITED: 'unavailable',
  OPERATOR_LOCKED: 'unavailable',
  NODE_UNREACHABLE: 'unavailable',
  NODE_NOT_RUNNING: 'unavailable',
  NODE_STOPPING: 'unavailable',
  BROKER_UNREACHABLE: 'unavailable',
  LINK_DOWN: 'unavailable',
  LINK_FULL: 'unavailable',
  ROUTE_CHANGED: 'unavailable',
  ASSEMBLY_FULL: 'unavailable',
  CONFIRM_TIMEOUT: 'unavailable',
  UPLOADS_FULL: 'unavailable',
  ACCOUNT_NOT_MADE: 'unavailable',
  NODE_NOT_DRAINED: 'unavailable',
  BUNDLES_WAITING: 'unavailable',
}

/** What the program exits with when this error ends it; a code not listed means the input was refused. */
export function exitOf(code: ErrorCode): ExitCode {
  return exitCodes[exits[code] ?? 'refused']
}
