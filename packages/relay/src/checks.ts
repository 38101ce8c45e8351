/** What a serving node checks before it believes a core (DESIGN §3.4, §8). */
import { createHash } from 'node:crypto'
import { type Core, mayOriginate, RelayError } from '@lienthong/core'
import type { Segment } from '@lienthong/link'
import type { NodeContext } from './context.ts'

const dayMs = 86_400_000
/** Uniqueness rows live 500 days; an older core could come twice. */
const oldestMs = 400 * dayMs
const newestMs = dayMs

/**
 * The seal is by the node that serves `from`, with a key that may be used now, and the times are believable;
 * that the uid is that of the content was checked when the core was decoded, and that the origin is the node
 * of the seal's kid when the segment was.
 * Throws RelayError FROM_NOT_ALLOWED, DOCUMENT_TOO_OLD, DOCUMENT_FROM_FUTURE and what `checkSeal` throws.
 */
export function checkCore(context: NodeContext, segment: Segment): void {
  const { core, origin } = segment.envelope
  if (!mayOriginate(context.table, origin, core)) {
    throw new RelayError('FROM_NOT_ALLOWED', { detail: { from: core.from, origin } })
  }
  const age = context.now() - core.sealedAt
  if (age > oldestMs) throw new RelayError('DOCUMENT_TOO_OLD', { detail: { uid: core.uid } })
  if (age < -newestMs) throw new RelayError('DOCUMENT_FROM_FUTURE', { detail: { uid: core.uid } })
  context.checkSeal(segment.core, segment.seal)
}

/** Throws RelayError DIGEST_MISMATCH unless these bytes are the whole payload. */
export function checkPayload(core: Core, data: Uint8Array): void {
  if (createHash('sha256').update(data).digest('hex') !== core.sha256) {
    throw new RelayError('DIGEST_MISMATCH', { detail: { uid: core.uid } })
  }
}
