/** A look at a running node, for its alerts. */
import type { AlertObservations } from '@lienthong/core'
import type { RelayNode } from '@lienthong/relay'
import { certificateAt, certificateIn, type TlsPlace, tlsPlace } from '../check/certificates.ts'
import type { NodeSettings } from '../config/node-file.ts'
import { alertObservations, type SeenCertificate } from './observations.ts'

/** Certificates are looked at by connecting, and have days to go. */
const certificatesEveryMs = 6 * 3_600_000

export function nodeObserver(
  node: Pick<RelayNode, 'health' | 'administration'>,
  settings: Pick<NodeSettings, 'config' | 'http'>,
  now: () => number = Date.now,
): () => Promise<AlertObservations> {
  const places = tlsPlaces(settings)
  let tls: readonly SeenCertificate[] = []
  let lookAt = 0
  return async () => {
    if (now() >= lookAt) {
      const certificates = await Promise.all(places.map(seenAt))
      tls = [...ownCertificate(settings), ...certificates]
      // One that could not be seen is looked for again at the next look.
      lookAt = certificates.some(({ ending }) => ending === null) ? 0 : now() + certificatesEveryMs
    }
    const steps = (await node.administration?.steps()) ?? null
    return alertObservations({ health: await node.health(), tls, steps })
  }
}

function tlsPlaces({ config: { broker, parent } }: Pick<NodeSettings, 'config'>): readonly TlsPlace[] {
  const urls = [broker.address.url, ...(parent === null ? [] : [parent.address.url])]
  return urls.flatMap((url) => tlsPlace(url, url) ?? [])
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
