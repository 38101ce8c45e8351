/** How much a packet may make its reader hold. Lengths are in UTF-16 units unless the name says bytes. */
export interface ReaderLimits {
  /** Before the first `<`: BOM and the junk some producers leave there. @default 1024 */
  readonly maxJunkBytes?: number
  /** All that is parsed up to the end of the envelope; of attachments in front of it their tags, not their content. @default 8 Mi */
  readonly maxHeaderLength?: number
  /** Text of one field, one comment, name or attribute. @default 65_536 */
  readonly maxFieldLength?: number
  /** What may be held before anything can be told about it, give or take 16 Ki: a hard stop well above the former. @default 262_144 */
  readonly maxTokenLength?: number
  /** Nested elements, the root included. @default 64 */
  readonly maxDepth?: number
  /** All that are opened, attachments' included: what bounds time, at about a microsecond each. @default 300_000 */
  readonly maxElements?: number
  /** Of one element. @default 64 */
  readonly maxAttributes?: number
  /** Of one list: `To`, `ResponseFor`, the manifest, … @default 100_000 */
  readonly maxEntries?: number
}

export const defaultLimits: Required<ReaderLimits> = {
  maxJunkBytes: 1024,
  maxHeaderLength: 8 * 1024 * 1024,
  maxFieldLength: 65_536,
  maxTokenLength: 262_144,
  maxDepth: 64,
  maxElements: 300_000,
  maxAttributes: 64,
  maxEntries: 100_000,
}

/** What `readPacket` allows attachments, besides the limits of the header. */
export interface AttachmentLimits {
  /** In one packet. @default 1_000 */
  readonly maxAttachments?: number
  /** One file, unpacked. @default 2 GiB */
  readonly maxFileBytes?: number
  /** How many times its zip's size a file may have, once it is larger than `freeFileBytes`. @default 200 */
  readonly maxExpansion?: number
  /** Up to this size a file may have been packed as tightly as it likes: blank scans, tables of zeros. @default 64 MiB */
  readonly freeFileBytes?: number
}

export const defaultAttachmentLimits: Required<AttachmentLimits> = {
  maxAttachments: 1000,
  maxFileBytes: 2 * 1024 * 1024 * 1024,
  maxExpansion: 200,
  freeFileBytes: 64 * 1024 * 1024,
}
