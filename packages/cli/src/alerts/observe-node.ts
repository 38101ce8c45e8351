/** A look at a running node, for its alerts. */
import type { AlertObservations } from '@lienthong/core'
import type { NodeHealth, RelayNode } from '@lienthong/relay'
import { certificateAt, certificateIn, type TlsPlace, tlsPlace } from '../check/certificates.ts'
import type { NodeSettings } from '../config/node-file.ts'
import { alertObservations, type SeenCertificate } from './observations.ts'

/** Certificates are looked at by connecting, and have days to go. */
const certificatesEveryMs = 6 * 3_600_000

export function nodeObserver(
  node: Pick<RelayNode, 'health'>,
  settings: Pick<NodeSettings, 'config' | 'http'>,
  now: () => number = Date.now,
): () => Promise<AlertObservations> {
  let tls: readonly SeenCertificate[] = []
  let lookAt = 0
  return async () => {
    const health = await node.health()
    if (now() >= lookAt) {
      const certificates = await Promise.all(tlsPlaces(settings, health).map(seenAt))
      tls = [...ownCertificate(settings), ...certificates]
      // One that could not be seen is looked for again at the next look.
      lookAt = certificates.some(({ ending }) => ending === null) ? 0 : now() + certificatesEveryMs
    }
    return alertObservations({ health, tls })
  }
}

/** Its own broker, as it and as its children reach it, and that of its parent. */
function tlsPlaces({ config: { broker } }: Pick<NodeSettings, 'config'>, { links }: NodeHealth): readonly TlsPlace[] {
  const children = broker.public === undefined ? [] : [broker.public.url]
  const urls = [broker.address.url, ...children, ...links.flatMap(({ place }) => place ?? [])]
  return [...new Set(urls)].flatMap((url) => tlsPlace(url, url) ?? [])
}

async function seenAt(place: TlsPlace): Promise<SeenCertificate> {
  return { name: place.name, ending: await certificateAt(place) }
}

function ownCertificate({ http }: Pick<NodeSettings, 'http'>): readonly SeenCertificate[] {
  const pem = http?.tls?.cert
  if (pem === undefined) return []
  const name = 'http.tls.cert'
  return [{ name, ending: certificateIn(name, pem) }]
}
