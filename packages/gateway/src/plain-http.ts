import { RelayError } from '@lienthong/core'
import type { FastifyInstance } from 'fastify'
import { loopback, openNetworks } from './networks.ts'

const dayMs = 86_400_000

/**
 * Plain HTTP is for this machine, and for the networks an administrator has named because their software
 * cannot do better; each is warned about once a day.
 */
export function guardPlainHttp(app: FastifyInstance): void {
  const { tls, vxp, log, now, node } = app.gateway
  if (tls !== null) return
  const isHere = openNetworks(loopback)
  const isNamed = openNetworks(vxp.plainHttpFrom)
  const warnedAt = new Map<string, number>()
  app.addHook('onRequest', async ({ ip }) => {
    if (isHere(ip)) return
    if (!isNamed(ip)) throw new RelayError('PLAIN_HTTP_REFUSED', { detail: { address: ip } })
    if (now() - (warnedAt.get(ip) ?? -Infinity) < dayMs) return
    // An administrator names networks, and these are finite; a full day's worth of peers is kept, no more.
    for (const [peer, at] of warnedAt) if (now() - at >= dayMs) warnedAt.delete(peer)
    warnedAt.set(ip, now())
    log('warn', 'plain HTTP: passwords are not sent, documents are read by anyone on the line', {
      node: node.id,
      code: 'PLAIN_HTTP_REFUSED',
      detail: { address: ip },
    })
  })
}
