/** Certificates for TLS as whoever connects sees them: those of a gateway, and those of the brokers. */
import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { EndingHealth } from '@lienthong/relay'

export interface TlsPlace {
  readonly name: string
  readonly host: string
  readonly port: number
}

const timeoutMs = 10_000

/** Its last day, whoever has signed it. null: nobody answers there, or not by TLS. */
export function certificateAt({ name, host, port }: TlsPlace): Promise<EndingHealth | null> {
  return new Promise((resolve) => {
    // It is looked at, not believed: an expired one is what we are here for.
    const socket: TLSSocket = connect(
      { host, port, servername: isIP(host) === 0 ? host : '', rejectUnauthorized: false },
      () => {
        const { valid_to: end } = socket.getPeerCertificate()
        socket.destroy()
        const endsAt = Date.parse(end)
        resolve(Number.isNaN(endsAt) ? null : { name, endsAt })
      },
    )
    const fail = () => {
      socket.destroy()
      resolve(null)
    }
    socket.setTimeout(timeoutMs, fail).once('error', fail)
  })
}

/** The certificate in a PEM file; null when there is none. */
export function certificateIn(name: string, pem: string): EndingHealth | null {
  try {
    return { name, endsAt: Date.parse(new X509Certificate(pem).validTo) }
  } catch {
    return null
  }
}

/** The place an `https:` or `amqps:` URL leads to; null for any other. */
export function tlsPlace(name: string, written: string): TlsPlace | null {
  const url = URL.canParse(written) ? new URL(written) : null
  if (url === null || !['https:', 'amqps:'].includes(url.protocol)) return null
  const usual = url.protocol === 'https:' ? 443 : 5671
  return { name, host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? usual : Number(url.port) }
}
