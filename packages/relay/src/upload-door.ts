/** Packets that come in several requests. */
import { RelayError } from '@lienthong/core'
import type { NodeContext } from './context.ts'
import type { UploadDoor } from './doors.ts'

const maxUploads = 32
/** Largest documents that one system may have under way at once. */
const maxLargest = 2

export function createUploadDoor(context: NodeContext): UploadDoor {
  const { uploads } = context.store
  const { maxDocumentBytes } = context.config.limits
  return {
    async open(system, { sha256, size }) {
      if (!Number.isSafeInteger(size) || size < 0 || size > maxDocumentBytes) {
        throw new RelayError('DOCUMENT_TOO_LARGE', { detail: { maxBytes: maxDocumentBytes } })
      }
      if (sha256 !== undefined && !/^[0-9a-f]{64}$/.test(sha256)) {
        throw new RelayError('FRAME_INVALID', { detail: { name: sha256.slice(0, 80) } })
      }
      const bounds = { maxCount: maxUploads, maxBytes: maxLargest * maxDocumentBytes }
      return uploads.open({ system, sha256: sha256 ?? null, size, now: context.now(), ...bounds })
    },
    async get(system, id) {
      const found = await uploads.get(system, id)
      if (found === null) throw new RelayError('NOT_FOUND', { detail: { what: id } })
      return found
    },
    append: (system, id, { offset, source }) => uploads.append({ system, id }, { offset, source, now: context.now }),
    drop: (system, id) => uploads.drop({ system, id }),
  }
}
