import { type OrganId, RelayError, type SystemScope } from '@lienthong/core'
import type { FastifyRequest } from 'fastify'

/**
 * The organisation this call is made for: `as` in the query, which may be left out by software that has only one.
 * Throws ORGAN_REQUIRED, SCOPE_MISSING, SENDER_NOT_ALLOWED.
 */
export function actingAs(request: FastifyRequest, scope: SystemScope): OrganId {
  const { as } = request.query as { readonly as?: string }
  const { id, organisations } = request.caller
  const [only, other] = organisations
  const code = as ?? (other === undefined ? only : undefined)
  if (code === undefined) throw new RelayError('ORGAN_REQUIRED', { detail: { system: id } })
  return request.server.gateway.node.systems.actingAs(id, code, scope)
}

/** The same for what needs no organisation: SCOPE_MISSING. */
export function requireScope(request: FastifyRequest, scope: SystemScope): void {
  const { id, scopes } = request.caller
  if (!scopes.includes(scope)) throw new RelayError('SCOPE_MISSING', { detail: { system: id, scope } })
}
