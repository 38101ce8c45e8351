/**
 * The mechanisms the guarantees rest on. All are on; a mutation check switches one off and expects
 * the guarantee that leans on it to break.
 */
export interface Mechanisms {
  /** One mailbox row per (uid, recipient, generation). */
  readonly uniqueness: boolean
  /** The origin asks when a receipt is late. */
  readonly queries: boolean
  /** Upstream is acknowledged only after downstream confirmed and the store committed. */
  readonly ackAfterConfirm: boolean
  /** A link speaks only for its own subtree. */
  readonly fromCheck: boolean
  /** Receipts count only when sealed by the serving node. */
  readonly sealCheck: boolean
  /** One copy per next hop, however many recipients lie behind it. */
  readonly sharedCopies: boolean
  /** A full destination drops the segment with one `deferred` instead of holding the frame. */
  readonly dropWhenFull: boolean
  /** What climbs waits in the spool, not in transit, while the bridge is down. */
  readonly spool: boolean
  /** The payload stays with the origin until every recipient is settled. */
  readonly custody: boolean
  /** A query is answered after everything that came before it was committed. */
  readonly answerInLine: boolean
  /** The path rule of routing. */
  readonly pathRule: boolean
  /** What waits for a child that is none any more is taken back and routed again. */
  readonly takeBack: boolean
  /** Neighbours tell each other what they know of the directory when their link opens. */
  readonly catchUp: boolean
  /** A recalled document that comes late meets a tombstone. */
  readonly tombstones: boolean
  /** A tombstone stops no later generation than was recalled. */
  readonly recallBound: boolean
  /** Only the sender of a document recalls it. */
  readonly recallFromCheck: boolean
  /** A node that served an organisation before may still speak for it. */
  readonly formerNodes: boolean
  /** A mailbox that moves is handed over. */
  readonly handover: boolean
  /** What was collected is handed over too: nobody is to get it again. */
  readonly handedUniqueness: boolean
}

export const allMechanisms: Mechanisms = {
  uniqueness: true,
  queries: true,
  ackAfterConfirm: true,
  fromCheck: true,
  sealCheck: true,
  sharedCopies: true,
  dropWhenFull: true,
  spool: true,
  custody: true,
  answerInLine: true,
  pathRule: true,
  takeBack: true,
  catchUp: true,
  tombstones: true,
  recallBound: true,
  recallFromCheck: true,
  formerNodes: true,
  handover: true,
  handedUniqueness: true,
}
