/**
 * How commands speak with a running node: HTTP/1.1 over its Unix socket, or under `/admin/v1` of its gateway.
 *
 *   POST /documents?as=ORG&to=…&by=  body: the packet             → SubmitReply
 *   POST /documents/UID/recall?as=ORG&by=     body: {reason, to?, signer?} → RecallReply
 *   POST /documents/UID/take-back?as=ORG&by=  body: {reason, to?} → RecallReply
 *   GET  /mailbox?as=ORG&after=&limit=&all=                       → MailPage
 *   GET  /mailbox/ID?as=ORG&by=                                   → item as JSON, then the packet
 *   POST /mailbox/ID/ack?as=ORG&by=                               → MailItem
 *   GET  /track?uid= | documentId= | number=                      → TrackedDocument[]
 *   GET  /traffic?since=&after=&limit=                            → TrafficPage
 *   GET  /routes?from=&to=&at=                                    → RouteExplanation
 *   GET  /declared                                                → DeclaredView
 *   GET  /declared/history?limit=&before=1.7                      → {items: VersionItem[]}
 *   GET  /declared/versions/1.7                                   → DeclaredVersion
 *   POST /declared/plan              body: {content}              → DeclaredPlan; changes nothing
 *   POST /declared?by=               body: DeclaredOrder          → VersionItem
 *   POST /routes/test                body: ExpectationOrder       → {items: ExpectationOutcome[]}; changes nothing
 *   GET  /announcements                                           → {items: AnnouncementView[]}
 *   GET  /directory                                               → Directory
 *   GET  /organisations?words=&node=&after=&limit=                → OrganisationPage
 *   GET  /organisations/ID                                        → OrganisationView
 *   GET  /systems                                                 → SystemView[]
 *   POST /systems?id=&organ=…&name=&scope=…&issue=…&by=           → IssuedCredentials
 *   POST /systems/ID/rotate?kind=&overlapMs=&fingerprint=&by=     → IssuedCredentials
 *   POST /systems/ID/change?organ=…&name=&scope=…&disabled=&by=   → SystemView
 *   GET  /operators                                               → OperatorView[]
 *   POST /operators?id=&name=&role=&by=                           → IssuedKey
 *   POST /operators/ID/rotate?overlapMs=&by=                      → IssuedKey
 *   POST /operators/ID/change?name=&role=&disabled=&by=           → OperatorView
 *   GET  /links                                                   → LinkView[]
 *   GET  /links/NODE                                              → LinkView
 *   POST /links/NODE/pause?until=&reason=&by=   (or drain)        → LinkView
 *   POST /links/NODE/resume?by=                                   → LinkView
 *   POST /links/NODE/throttle?bytesPerSecond=&reason=&by=         → LinkView
 *   GET  /invitations                                              → {items: InvitationView[]}
 *   POST /invitations?validForMs=&dryRun=&reason=&by=  body: {children}  → {items: InvitedChild[]}
 *   POST /invitations/grant?reason=&by=   body: {request, child}  → {child, answer}
 *   GET  /join/request                                            → {request}
 *   POST /join?insteadOf=&reason=&by=     body: {token}           → JoinOutcome
 *   POST /join/accept?reason=&by=         body: {answer}          → JoinOutcome
 *   POST /bridge?reason=&by=              body: {token}           → JoinOutcome
 *   GET  /bridge/facts?statusDays=                                → BridgeFacts
 *   POST /bridge/overlaps                 body: {token}           → BridgeOverlaps; changes nothing
 *   POST /leave?force=&reason=&by=                                → Leaving & {node}
 *   POST /children/NODE/dismiss?reason=&by=                       → {child, outcome}
 *   POST /children/NODE/revoke?reason=&by=                        → Revoking & {child}
 *   GET  /ping?organ=&timeoutMs=                                  → PingReply
 *   GET  /trace?organ=&timeoutMs=                                 → TraceReply
 *   GET  /where?uid= | documentId= | number=&date=&to=&timeoutMs= → {items: WhereDocument[]}
 *   POST /bundles?by=                     body: the archive       → SentBundle
 *   GET  /bundles                                                 → BundlePage
 *   GET  /bundles/sent/UID?timeoutMs=                             → SentBundle
 *   GET  /bundles/ID?by=                                          → BundleRecord as JSON, then the archive
 *   POST /bundles/ID/delete?by=                                   → BundleRecord
 *   GET  /splits?organ=                                           → {items: SplitView[]}
 *   POST /splits/ORGAN/decide?uid= | number=&to=&from=&by=        → SplitDecided
 *   GET  /health                                                  → NodeHealth
 *   GET  /status                                                  → NodeStatus
 *
 * `by` says who does it on the socket; behind the gateway it is the operator whose key was shown, whatever it says.
 * A refusal is a status ≥ 400 and `{code, detail}`. A packet or archive that cannot be read to its end closes
 * with the same in the trailer `lt-error`, because the status has been sent by then.
 */
import { type ErrorCode, type ErrorDetail, errorCodes, RelayError } from '@lienthong/core'
import type { SubmitReply } from '@lienthong/relay'
import type { BundleRecord, MailItem } from '@lienthong/store'

export type {
  DeclaredOrder,
  DeclaredPlan,
  DeclaredView,
  ExpectationOrder,
  OrganisationView,
  VersionItem,
} from './declared-protocol.ts'

/** Where the gateway has the door. */
export const adminPrefix = '/admin/v1'

/** Header of an answer with bytes: how many of JSON stand before them. */
export const itemBytesHeader = 'lt-item-bytes'
/** Trailer of one that broke off, JSON of a refusal. */
export const errorTrailer = 'lt-error'

/** Items of one listing, at most this many. */
export const maxPageItems = 1000
export const defaultPageItems = 100

/** A part of a mailbox. `next`: give it as `after` to go on; null at the end. */
export interface MailPage {
  readonly items: readonly MailItem[]
  readonly next: number | null
}

/** What was sent to take a document back: one recall, or a status for each recipient. */
export interface RecallReply {
  readonly packets: readonly SubmitReply[]
}

/** Of children, newest first. */
export interface BundlePage {
  readonly items: readonly BundleRecord[]
}

interface Refusal {
  readonly code: ErrorCode
  readonly detail: ErrorDetail
}

/** What is told to the other side of an error: nothing of one that was not raised on purpose. */
export function refusalOf(error: unknown): Refusal {
  return error instanceof RelayError ? { code: error.code, detail: error.detail } : { code: 'INTERNAL', detail: {} }
}

/** The error a refusal stands for; INTERNAL when it is not one of ours. */
export function errorOf(text: string): RelayError {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && 'code' in parsed && isErrorCode(parsed.code)) {
      return new RelayError(parsed.code, { detail: 'detail' in parsed ? flat(parsed.detail) : {} })
    }
  } catch {
    // Falls through: an answer that is no JSON is as strange as one without a code.
  }
  return new RelayError('INTERNAL')
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code)
}

function flat(detail: unknown): ErrorDetail {
  if (typeof detail !== 'object' || detail === null) return {}
  return Object.fromEntries(
    Object.entries(detail).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  ) as ErrorDetail
}
