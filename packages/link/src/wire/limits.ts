/** Major version of the wire this package writes. */
export const wireVersion = 1

/** Major versions this package reads, ascending: what a hello announces. */
export const wireVersions: readonly number[] = [wireVersion]

/** Segments a payload may have: a bitmap of them stays within 128 KiB. */
export const maxSegments = 1 << 20

/** Segments in one frame, at most: none is shorter than 128 bytes. */
export const maxFrameSegments = 4096

/** Bytes of a frame that are not segments, at most: two array heads and the version. */
export const frameHeadBytes = 5

/** Largest seal, bytes. */
export const maxSealBytes = 512

/** Largest trailing map of a segment, bytes. */
export const maxExtraBytes = 4096

/** Longest code of an organisation or a node, bytes of UTF-8. */
export const maxIdBytes = 128

/** Longest DocumentId, bytes of UTF-8. */
export const maxDocumentIdBytes = 1024

/** Longest `kid`, bytes of UTF-8: a node id, `#` and a number. */
export const maxKidBytes = maxIdBytes + 11

/** Largest list of signals, bytes: one segment. */
export const maxSignalsBytes = 256 * 1024

/** Ranges in the `missing` of an answer. */
export const maxMissingRanges = 256

/** Largest hello, bytes. */
export const maxHelloBytes = 4096

/** Longest announcement, bytes: some 50,000 organisations of one node. */
export const maxAnnouncementBytes = 8 * 1024 * 1024

/** A batch of announcements, bytes, inflated or not. */
export const maxBatchBytes = maxAnnouncementBytes + 64 * 1024

/** Largest piece of a batch, bytes. */
export const maxPieceBytes = 256 * 1024
