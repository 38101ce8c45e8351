/** Calls about document software. */
import { type SystemScope, systemScopes } from '@lienthong/core'
import { type CredentialKind, credentialKinds, type Rotation, type SystemChange } from '@lienthong/relay'
import { type Call, listOf, oneOf, type Route, required, sendJson, wholeOf } from './call.ts'
import type { AdminNode } from './door.ts'

export function systemRoutes({ systems }: Pick<AdminNode, 'systems'>): readonly Route[] {
  async function add({ response, query, by }: Call): Promise<void> {
    const name = query.get('name')
    const issue = listOf(query, 'issue', ['secret', 'apiKey'] as const)
    const scopes = scopesOf(query)
    const request = {
      id: required(query, 'id'),
      organisations: query.getAll('organ'),
      ...(name === null ? {} : { name }),
      ...(issue === null ? {} : { issue }),
      ...(scopes === null ? {} : { scopes }),
    }
    sendJson(response, await systems.add(request, by()))
  }

  async function rotate({ response, query, id, by }: Call): Promise<void> {
    const kind = oneOf(required(query, 'kind'), 'kind', credentialKinds)
    sendJson(response, await systems.rotate(id, rotationOf(kind, query), by()))
  }

  async function change({ response, query, id, by }: Call): Promise<void> {
    const [name, disabled, scopes] = [query.get('name'), query.get('disabled'), scopesOf(query)]
    const organisations = query.getAll('organ')
    const request: SystemChange = {
      ...(name === null ? {} : { name }),
      ...(disabled === null ? {} : { disabled: disabled === 'true' }),
      ...(scopes === null ? {} : { scopes }),
      ...(organisations.length === 0 ? {} : { organisations }),
    }
    sendJson(response, await systems.change(id, request, by()))
  }

  return [
    { method: 'GET', path: '/systems', role: 'viewer', answer: ({ response }) => sendJson(response, systems.list()) },
    { method: 'POST', path: '/systems', role: 'administrator', answer: add },
    { method: 'POST', path: '/systems/:id/rotate', role: 'administrator', answer: rotate },
    { method: 'POST', path: '/systems/:id/change', role: 'administrator', answer: change },
  ]
}

function rotationOf(kind: CredentialKind, query: URLSearchParams): Rotation {
  const overlapMs = wholeOf(query, 'overlapMs') ?? 0
  return kind === 'certificate' ? { kind, overlapMs, fingerprint: required(query, 'fingerprint') } : { kind, overlapMs }
}

function scopesOf(query: URLSearchParams): readonly SystemScope[] | null {
  return listOf(query, 'scope', systemScopes)
}
