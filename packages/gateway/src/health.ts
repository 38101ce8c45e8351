/** `/healthz`: the process answers. `/readyz`: the node can do its work – a confirmed publish and a write on disk. */
import type { FastifyInstance } from 'fastify'

export function healthRoutes(app: FastifyInstance): void {
  const { node } = app.gateway
  app.get('/healthz', async () => ({ status: 'ok', node: node.id }))
  app.get('/readyz', async (_request, reply) => {
    const { ready, broker, store } = await node.probe()
    if (!ready) reply.code(503).header('retry-after', 5)
    return { status: ready ? 'ready' : 'not ready', node: node.id, broker, store }
  })
}
