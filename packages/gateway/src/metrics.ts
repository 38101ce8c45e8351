/** `/metrics` for Prometheus: the figures of the node, from the one table that `relay` keeps of them. */
import { RelayError } from '@lienthong/core'
import { type FigureName, figureTable } from '@lienthong/relay'
import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Registry } from 'prom-client'
import { openNetworks } from './networks.ts'

/** In front of every name of `figureTable`. */
export const metricPrefix = 'lienthong_'

export function metricsRoutes(app: FastifyInstance): void {
  const { node, metricsFrom } = app.gateway
  const mayRead = openNetworks(metricsFrom)
  app.get('/metrics', async (request, reply) => {
    if (!mayRead(request.ip)) throw new RelayError('NOT_FOUND', { detail: { what: '/metrics' } })
    const registry = registryOf(node.id, await node.figures())
    reply.type(registry.contentType)
    return registry.metrics()
  })
}

/** Made anew for each reading: the counters are the node's, and a figure not known now is left out. */
function registryOf(node: string, figures: Readonly<Record<FigureName, number | null>>): Registry {
  const registry = new Registry()
  for (const [name, { type, help }] of Object.entries(figureTable)) {
    const value = figures[name as FigureName]
    if (value === null) continue
    const described = { name: `${metricPrefix}${name}`, help, labelNames: ['node'], registers: [registry] }
    if (type === 'counter') new Counter(described).inc({ node }, value)
    else new Gauge(described).set({ node }, value)
  }
  return registry
}
