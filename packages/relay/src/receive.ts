/** The bytes of a submission, from wherever they come. */
import { RelayError } from '@lienthong/core'
import type { StagedPayload, UploadKey } from '@lienthong/store'
import type { NodeContext } from './context.ts'
import type { SubmitRequest } from './contract.ts'

/** Bytes as they come, or those of an upload, which stays for another try. */
export async function receive(
  { store, config }: NodeContext,
  body: SubmitRequest['body'],
  onChunk: (chunk: Uint8Array) => void,
): Promise<StagedPayload> {
  if (!isUpload(body)) {
    return store.payloads.stage(chunks(body), { maxBytes: config.limits.maxDocumentBytes, onChunk })
  }
  try {
    return await store.uploads.finish(body.upload, { onChunk })
  } catch (error) {
    // What must not be here does not stay here.
    if (error instanceof RelayError && error.code === 'DOCUMENT_SECRET') await store.uploads.drop(body.upload)
    throw error
  }
}

/** The document is accepted: what fails now is no refusal. */
export async function spend({ store, now, log }: NodeContext, body: SubmitRequest['body']): Promise<void> {
  if (!isUpload(body)) return
  try {
    await store.uploads.spend(body.upload, now())
  } catch (error) {
    log('warn', 'a used upload stays until it is old', { detail: { error: String(error) } })
  }
}

function isUpload(body: SubmitRequest['body']): body is { readonly upload: UploadKey } {
  return !(body instanceof Uint8Array) && 'upload' in body
}

async function* chunks(body: Uint8Array | AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  if (body instanceof Uint8Array) yield body
  else yield* body
}
