/**
 * Every error a relay raises on purpose. A code is a contract: it appears in logs, signals, replies
 * and dead letters. Match on `code`; add codes, never reuse one. The sentences are in the catalogue.
 */
export const errorCodes = {
  // The document at the door
  NOT_EDXML: { retry: 'never' },
  DOCUMENT_TOO_LARGE: { retry: 'never' },
  DOCUMENT_ID_MISSING: { retry: 'never' },
  DOCUMENT_ID_REUSED: { retry: 'never' },
  SENDER_NOT_ALLOWED: { retry: 'never' },
  RECEIVER_MISSING: { retry: 'never' },
  RECEIVER_UNKNOWN: { retry: 'never' },
  RECEIVER_SPLIT: { retry: 'never' },
  RECEIVER_CLOSED: { retry: 'never' },
  RECEIVER_REPLACED: { retry: 'never' },
  RECEIVER_NOT_YET: { retry: 'never' },
  RECEIVER_HELD: { retry: 'never' },
  DOCUMENT_SECRET: { retry: 'never' },
  RECALL_NOT_SENDER: { retry: 'never' },
  DOCUMENT_RECALLED: { retry: 'never' },
  DECISION_LATE: { retry: 'never' },
  USE_HTTP: { retry: 'never' },
  ATTACHMENT_UNREADABLE: { retry: 'never' },
  // The signature in the document
  SIGNATURE_MISSING: { retry: 'never' },
  SIGNATURE_PLACEHOLDER: { retry: 'never' },
  SIGNATURE_TOO_LARGE: { retry: 'never' },
  SIGNATURE_COMMENT: { retry: 'never' },
  SIGNATURE_CONTENT_HIDDEN: { retry: 'never' },
  SIGNATURE_NAMESPACE: { retry: 'never' },
  SIGNATURE_ID_REPEATED: { retry: 'never' },
  SIGNATURE_REPEATED: { retry: 'never' },
  SIGNATURE_MISPLACED: { retry: 'never' },
  SIGNATURE_SHAPE: { retry: 'never' },
  SIGNATURE_REFERENCE: { retry: 'never' },
  SIGNATURE_TRANSFORM: { retry: 'never' },
  SIGNATURE_ALGORITHM: { retry: 'never' },
  SIGNATURE_KEY_UNKNOWN: { retry: 'never' },
  SIGNATURE_KEY_UNSUITABLE: { retry: 'never' },
  SIGNATURE_KEY_EXPIRED: { retry: 'never' },
  SIGNATURE_KEY_REVOKED: { retry: 'never' },
  SIGNATURE_INVALID: { retry: 'never' },
  // Envelopes and links
  FRAME_INVALID: { retry: 'never' },
  FRAME_TOO_LARGE: { retry: 'never' },
  VERSION_UNSUPPORTED: { retry: 'never' },
  SEAL_INVALID: { retry: 'never' },
  KEY_UNKNOWN: { retry: 'never' },
  KEY_REVOKED: { retry: 'never' },
  KEY_EXPIRED: { retry: 'never' },
  KEY_NOT_VOUCHED: { retry: 'never' },
  KEY_HANDOVER_MISSING: { retry: 'never' },
  KEY_EXISTS: { retry: 'never' },
  CERTIFICATE_INVALID: { retry: 'never' },
  FROM_NOT_ALLOWED: { retry: 'never' },
  USER_ID_REQUIRED: { retry: 'never' },
  CC_REFUSED: { retry: 'never' },
  SIGNAL_NOT_ALLOWED: { retry: 'never' },
  LOOP: { retry: 'never' },
  DIGEST_MISMATCH: { retry: 'never' },
  DOCUMENT_TOO_OLD: { retry: 'never' },
  DOCUMENT_FROM_FUTURE: { retry: 'never' },
  LINK_FULL: { retry: 'later' },
  ROUTE_CHANGED: { retry: 'later' },
  ASSEMBLY_FULL: { retry: 'later' },
  LINK_DOWN: { retry: 'later' },
  CONFIRM_TIMEOUT: { retry: 'later' },
  // The doors for document software
  ACCESS_DENIED: { retry: 'never' },
  SCOPE_MISSING: { retry: 'never' },
  LEASE_LOST: { retry: 'never' },
  RANGE_INVALID: { retry: 'never' },
  UPLOAD_OFFSET: { retry: 'never' },
  NOT_AS_ANNOUNCED: { retry: 'never' },
  UPLOADS_FULL: { retry: 'later' },
  HOOKS_FULL: { retry: 'never' },
  HOOK_TARGET_REFUSED: { retry: 'never' },
  SYSTEM_EXISTS: { retry: 'never' },
  SYSTEM_DECLARED: { retry: 'never' },
  // The door for operators
  OPERATOR_DENIED: { retry: 'never' },
  OPERATOR_LOCKED: { retry: 'later' },
  OPERATOR_EXISTS: { retry: 'never' },
  ROLE_MISSING: { retry: 'never' },
  // Calls over HTTP
  CALL_INVALID: { retry: 'never' },
  ORGAN_REQUIRED: { retry: 'never' },
  FIELD_INVALID: { retry: 'never' },
  REGISTRATION_REFUSED: { retry: 'never' },
  PLAIN_HTTP_REFUSED: { retry: 'never' },
  RATE_LIMITED: { retry: 'later' },
  LISTEN_FAILED: { retry: 'later' },
  NODE_UNREACHABLE: { retry: 'later' },
  ANSWER_INVALID: { retry: 'never' },
  CLIENT_CLOSED: { retry: 'never' },
  WEBHOOK_INVALID: { retry: 'never' },
  // The node and its surroundings
  BROKER_UNREACHABLE: { retry: 'later' },
  BROKER_REFUSED: { retry: 'never' },
  TOPOLOGY_DIFFERS: { retry: 'never' },
  STORE_LOCKED: { retry: 'later' },
  STORE_NEWER: { retry: 'never' },
  STORE_FAILED: { retry: 'later' },
  DISK_FULL: { retry: 'later' },
  NODE_STOPPING: { retry: 'later' },
  DIRECTORY_INVALID: { retry: 'never' },
  // The living directory
  ANNOUNCEMENT_INVALID: { retry: 'never' },
  ANNOUNCEMENT_OLD: { retry: 'never' },
  ANNOUNCEMENT_ORPHAN: { retry: 'later' },
  DELEGATION_EXCEEDED: { retry: 'never' },
  BASE_MOVED: { retry: 'later' },
  DECLARED_INVALID: { retry: 'never' },
  SHEET_INVALID: { retry: 'never' },
  DIRECTORY_FIXED: { retry: 'never' },
  // Joining and leaving
  TOKEN_INVALID: { retry: 'never' },
  TOKEN_EXPIRED: { retry: 'never' },
  TOKEN_USED: { retry: 'never' },
  TOKEN_OTHER_NODE: { retry: 'never' },
  JOIN_REFUSED: { retry: 'never' },
  NODE_JOINED: { retry: 'never' },
  NODE_IS_ROOT: { retry: 'never' },
  NODE_NOT_JOINED: { retry: 'never' },
  NODE_NOT_DRAINED: { retry: 'later' },
  PARENT_OLDER: { retry: 'never' },
  ACCOUNT_NOT_MADE: { retry: 'later' },
  // Support bundles
  NODE_NO_PARENT: { retry: 'never' },
  BUNDLE_REFUSED: { retry: 'never' },
  BUNDLE_TOO_LARGE: { retry: 'never' },
  BUNDLES_WAITING: { retry: 'later' },
  // The program
  CONFIG_INVALID: { retry: 'never' },
  FILE_UNREADABLE: { retry: 'never' },
  FILE_UNWRITABLE: { retry: 'never' },
  CONTROL_PATH_TOO_LONG: { retry: 'never' },
  CONTROL_DENIED: { retry: 'never' },
  NODE_NOT_RUNNING: { retry: 'later' },
  NOT_FOUND: { retry: 'never' },
  USAGE: { retry: 'never' },
  INTERNAL: { retry: 'never' },
} as const satisfies Record<string, { retry: 'never' | 'later' }>

export type ErrorCode = keyof typeof errorCodes

export type ErrorDetail = Readonly<Record<string, string | number | boolean>>

export interface RelayErrorInit {
  /** Values for the sentence's placeholders and for logs; never a secret. */
  readonly detail?: ErrorDetail
  readonly cause?: unknown
}

/** The only error class of the project. */
export class RelayError extends Error {
  override readonly name = 'RelayError'
  readonly code: ErrorCode
  readonly detail: ErrorDetail

  constructor(code: ErrorCode, init: RelayErrorInit = {}) {
    super(describe(code, init.detail), init.cause === undefined ? undefined : { cause: init.cause })
    this.code = code
    this.detail = init.detail ?? {}
  }

  /** True when trying the same thing again, unchanged, can succeed. */
  get retryable(): boolean {
    return errorCodes[this.code].retry === 'later'
  }
}

function describe(code: ErrorCode, detail: ErrorDetail = {}): string {
  const pairs = Object.entries(detail).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  return [code, ...pairs].join(' ')
}
