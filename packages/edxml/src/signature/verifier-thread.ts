/** Entry of the verifier's thread. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { RelayError } from '@lienthong/core'
import type { CarriedCertificate, TrustedKey } from './trusted-key.ts'
import type { FromThread, ToThread, VerifyRequest } from './verifier-messages.ts'
import { verifySignature } from './verify-signature.ts'

function serve(port: MessagePort): void {
  let takeKey: (key: TrustedKey | null) => void = () => {}

  async function verify({ id, packet, options }: VerifyRequest): Promise<FromThread> {
    const ask = (claimedSender: string | null, carried: CarriedCertificate | null) =>
      new Promise<TrustedKey | null>((resolve) => {
        takeKey = resolve
        port.postMessage({ kind: 'which-key', id, claimedSender, carried } satisfies FromThread)
      })
    try {
      const { bytes, signedWith } = await verifySignature(packet, { ...options, trusted: options.trusted ?? ask })
      // A copy of its own: small buffers share their memory with others.
      return { kind: 'verified', id, bytes: new Uint8Array(bytes), signedWith }
    } catch (error) {
      if (error instanceof RelayError) return { kind: 'refused', id, code: error.code, detail: error.detail }
      return { kind: 'refused', id, code: 'INTERNAL', detail: { reason: String(error) } }
    }
  }

  port.on('message', (message: ToThread) => {
    if (message.kind === 'key') takeKey(message.key)
    else {
      void verify(message).then((report) => {
        port.postMessage(report, report.kind === 'verified' ? [report.bytes.buffer as ArrayBuffer] : [])
      })
    }
  })
}

if (parentPort !== null) serve(parentPort)
