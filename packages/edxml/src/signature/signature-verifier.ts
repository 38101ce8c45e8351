/**
 * `verifySignature` in a thread of its own, so that a large packet stops nobody's heartbeats.
 *
 * - Results and refusals are the same, code and detail included.
 * - The thread starts with the first packet and takes one at a time; the others wait in order.
 * - A packet that kills the thread is refused; the next one finds a new thread.
 */
import { Worker } from 'node:worker_threads'
import { RelayError } from '@lienthong/core'
import { refuse } from './refuse.ts'
import type { TrustedKey } from './trusted-key.ts'
import { type VerifiedContent, verifiedContent } from './verified-content.ts'
import type { FromThread, KeyQuestion, ToThread } from './verifier-messages.ts'
import type { VerifyOptions } from './verify-signature.ts'

export interface SignatureVerifier {
  /** See `verifySignature`. A lookup is called in the calling thread; its error passes through. */
  verify(packet: Uint8Array, options: VerifyOptions): Promise<VerifiedContent>
  /** Ends the thread. Verifications under way and later ones throw NODE_STOPPING. Idempotent. */
  close(): Promise<void>
}

export interface SignatureVerifierOptions {
  /** Heap of the thread, MiB; a packet that needs more is refused as SIGNATURE_TOO_LARGE. @default 2048 */
  readonly maxMemoryMiB?: number
}

const defaultMaxMemoryMiB = 2048

export function openSignatureVerifier(options: SignatureVerifierOptions = {}): SignatureVerifier {
  const { maxMemoryMiB = defaultMaxMemoryMiB } = options
  let worker: Worker | null = null
  let last: Promise<unknown> = Promise.resolve()
  let closed = false
  let lastId = 0
  /** Ends the verification under way. */
  let interrupt: (error: Error) => void = () => {}

  function thread(): Worker {
    if (worker !== null) return worker
    const started = new Worker(new URL('./verifier-thread.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: maxMemoryMiB },
    })
    const lose = (error: Error): void => {
      if (worker !== started) return
      worker = null
      interrupt(error)
    }
    started.on('error', (error) => lose(deathOf(error)))
    started.on('exit', () => lose(new RelayError('INTERNAL', { detail: { reason: 'the verifier thread ended' } })))
    worker = started
    return started
  }

  async function verify(packet: Uint8Array, { trusted, ...wanted }: VerifyOptions): Promise<VerifiedContent> {
    if (closed) throw stopping()
    const current = thread()
    const id = ++lastId
    const send = (message: ToThread, transfer: ArrayBuffer[] = []): void => current.postMessage(message, transfer)
    let take: (message: FromThread) => void = () => {}
    try {
      return await new Promise<VerifiedContent>((resolve, reject) => {
        interrupt = reject
        const answer = async (question: KeyQuestion): Promise<void> => {
          let key: TrustedKey | null = null
          try {
            if (typeof trusted === 'function') key = await trusted(question.claimedSender, question.carried)
          } catch (error) {
            reject(error instanceof Error ? error : new RelayError('INTERNAL', { cause: error }))
          }
          // After a failure too: the thread still waits.
          if (worker === current) send({ kind: 'key', key })
        }
        take = (message) => {
          if (message.id !== id) return
          if (message.kind === 'verified') resolve(verifiedContent(message.bytes, message.signedWith))
          else if (message.kind === 'refused') reject(new RelayError(message.code, { detail: message.detail }))
          else void answer(message)
        }
        current.on('message', take)
        const copy = new Uint8Array(packet)
        const known = typeof trusted === 'function' ? null : trusted
        send({ kind: 'verify', id, packet: copy, options: { ...wanted, trusted: known } }, [copy.buffer])
      })
    } finally {
      current.off('message', take)
    }
  }

  return {
    verify(packet, wanted) {
      const result = last.then(() => verify(packet, wanted))
      last = result.catch(() => {})
      return result
    },
    async close() {
      closed = true
      interrupt(stopping())
      await worker?.terminate()
    },
  }
}

function stopping(): RelayError {
  return new RelayError('NODE_STOPPING')
}

function deathOf(error: Error & { readonly code?: string }): RelayError {
  if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') return refuse('SIGNATURE_TOO_LARGE', { what: 'memory' }, error)
  return new RelayError('INTERNAL', { detail: { reason: error.message }, cause: error })
}
