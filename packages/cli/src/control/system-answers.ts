/** Calls about document software. Each says who does it (`by`), for the chain of events. */
import { RelayError, type SystemScope, systemScopes } from '@lienthong/core'
import {
  type CredentialKind,
  credentialKinds,
  type Rotation,
  type SystemChange,
  type SystemDoor,
} from '@lienthong/relay'
import { type Call, type Route, required, sendJson, wholeOf } from './call.ts'

export function systemAnswers(systems: () => SystemDoor): readonly Route[] {
  async function add({ response, query }: Call): Promise<void> {
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
    sendJson(response, await systems().add(request, required(query, 'by')))
  }

  async function rotate({ response, query, id }: Call): Promise<void> {
    const kind = oneOf(required(query, 'kind'), 'kind', credentialKinds)
    const request = rotationOf(kind, query)
    sendJson(response, await systems().rotate(decodeURIComponent(id), request, required(query, 'by')))
  }

  async function change({ response, query, id }: Call): Promise<void> {
    const [name, disabled, scopes] = [query.get('name'), query.get('disabled'), scopesOf(query)]
    const organisations = query.getAll('organ')
    const request: SystemChange = {
      ...(name === null ? {} : { name }),
      ...(disabled === null ? {} : { disabled: disabled === 'true' }),
      ...(scopes === null ? {} : { scopes }),
      ...(organisations.length === 0 ? {} : { organisations }),
    }
    sendJson(response, await systems().change(decodeURIComponent(id), request, required(query, 'by')))
  }

  return [
    ['GET', /^\/systems$/, async ({ response }) => sendJson(response, systems().list())],
    ['POST', /^\/systems$/, add],
    ['POST', /^\/systems\/([^/]+)\/rotate$/, rotate],
    ['POST', /^\/systems\/([^/]+)\/change$/, change],
  ]
}

function rotationOf(kind: CredentialKind, query: URLSearchParams): Rotation {
  const overlapMs = wholeOf(query, 'overlapMs') ?? 0
  return kind === 'certificate' ? { kind, overlapMs, fingerprint: required(query, 'fingerprint') } : { kind, overlapMs }
}

function scopesOf(query: URLSearchParams): readonly SystemScope[] | null {
  return listOf(query, 'scope', systemScopes)
}

/** null: none was given. Throws USAGE. */
function listOf<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly Word[],
): readonly Word[] | null {
  const given = query.getAll(name)
  return given.length === 0 ? null : given.map((word) => oneOf(word, name, words))
}

function oneOf<Word extends string>(given: string, name: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === given)
  if (found === undefined)
    throw new RelayError('USAGE', { detail: { reason: `${name} "${given}": ${words.join(', ')}` } })
  return found
}
