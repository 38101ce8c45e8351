/** Large packets in pieces. The node counts what it has on disk, so that a break costs one piece at most. */
import { RelayError } from '@lienthong/core'
import { anySignal } from './any-signal.ts'
import type { SubmitOptions, Submitted } from './contract.ts'
import type { HttpLine } from './http.ts'
import type { PacketBytes } from './packet-bytes.ts'

const pieceBytes = 4 * 1024 * 1024

/** An upload may vanish while it is used: it had been accepted long ago, or an administrator removed it. */
const maxOpenings = 3

interface Upload {
  readonly id: string
  readonly offset: number
}

export async function submitByUpload(
  http: HttpLine,
  packet: PacketBytes,
  { to, signal }: SubmitOptions,
): Promise<Submitted> {
  const { size, sha256 } = packet
  for (let opening = 1; ; opening += 1) {
    try {
      const upload = await http.ask<Upload>({ method: 'POST', path: '/v1/uploads', json: { sha256, size }, signal })
      await append(http, packet, { upload, signal })
      return await http.ask<Submitted>({
        method: 'POST',
        path: '/v1/documents',
        query: { to, upload: upload.id },
        signal,
      })
    } catch (error) {
      if (!isCode(error, 'NOT_FOUND') || opening === maxOpenings) throw error
    }
  }
}

async function append(
  http: HttpLine,
  { size, read }: PacketBytes,
  { upload: { id, offset }, signal }: { readonly upload: Upload; readonly signal: AbortSignal | undefined },
): Promise<void> {
  using linked = anySignal([signal, http.closing])
  const patience = http.patience(linked.signal)
  const path = `/v1/uploads/${id}`
  let at = offset
  while (at < size) {
    const bytes = await read(at, Math.min(at + pieceBytes, size))
    try {
      const headers = { 'upload-offset': String(at) }
      at = (await http.askOnce<Upload>({ method: 'PATCH', path, headers, bytes, signal })).offset
      patience.renew()
    } catch (error) {
      if (!(error instanceof RelayError)) throw error
      // Part of the piece may be there.
      if (error.code !== 'UPLOAD_OFFSET') await patience.wait(error)
      at = (await http.ask<Upload>({ method: 'GET', path, signal })).offset
    }
  }
}

function isCode(error: unknown, code: RelayError['code']): boolean {
  return error instanceof RelayError && error.code === code
}
