/** Calls about joining and leaving. Invitations hold secrets: they travel in bodies and answers, never in a path. */
import { type DeclaredChild, declaredFrom, RelayError } from '@lienthong/core'
import type { Act, JoiningDoor } from '@lienthong/relay'
import { type Call, type Route, required, sendJson, wholeOf } from './call.ts'
import type { AdminNode } from './door.ts'
import { jsonBody, textIn } from './json-body.ts'

export function joiningRoutes(node: Pick<AdminNode, 'joining' | 'id'>): readonly Route[] {
  function door(): JoiningDoor {
    if (node.joining === null) throw new RelayError('DIRECTORY_FIXED', { detail: { node: node.id } })
    return node.joining
  }

  async function invite({ request, response, query, by }: Call): Promise<void> {
    const act = actOf({ query, by })
    const children = childrenIn(await jsonBody(request))
    const validForMs = wholeOf(query, 'validForMs')
    if (validForMs === null || validForMs < 1) throw usage('validForMs')
    const dryRun = query.get('dryRun') === 'true'
    sendJson(response, { items: await door().invite(children, { validForMs, dryRun }, act) })
  }

  async function grant({ request, response, query, by }: Call): Promise<void> {
    const act = actOf({ query, by })
    const body = await jsonBody(request)
    const [child] = childrenIn({ children: [body['child']] })
    if (child === undefined) throw usage('child')
    sendJson(response, await door().grant(textIn(body, 'request'), child, act))
  }

  async function join({ request, response, query, by }: Call): Promise<void> {
    const insteadOf = query.get('insteadOf')
    const act = { ...actOf({ query, by }), ...(insteadOf === null ? {} : { insteadOf }) }
    sendJson(response, await door().join(textIn(await jsonBody(request), 'token'), act))
  }

  async function bridge({ request, response, query, by }: Call): Promise<void> {
    const act = actOf({ query, by })
    sendJson(response, await door().bridge(textIn(await jsonBody(request), 'token'), act))
  }

  async function accept({ request, response, query, by }: Call): Promise<void> {
    const act = actOf({ query, by })
    sendJson(response, await door().accept(textIn(await jsonBody(request), 'answer'), act))
  }

  async function leave({ response, query, by }: Call): Promise<void> {
    sendJson(response, {
      node: node.id,
      ...(await door().leave({ ...actOf({ query, by }), force: query.get('force') === 'true' })),
    })
  }

  async function dismiss({ response, query, id, by }: Call): Promise<void> {
    sendJson(response, { child: id, outcome: await door().dismiss(id, actOf({ query, by })) })
  }

  async function revoke({ response, query, id, by }: Call): Promise<void> {
    sendJson(response, { child: id, ...(await door().revoke(id, actOf({ query, by }))) })
  }

  return [
    {
      method: 'GET',
      path: '/invitations',
      role: 'viewer',
      answer: ({ response }) => sendJson(response, { items: door().invitations() }),
    },
    { method: 'POST', path: '/invitations', role: 'administrator', answer: invite },
    { method: 'POST', path: '/invitations/grant', role: 'administrator', answer: grant },
    {
      method: 'GET',
      path: '/join/request',
      role: 'administrator',
      answer: ({ response }) => sendJson(response, { request: door().request() }),
    },
    { method: 'POST', path: '/join', role: 'administrator', answer: join },
    { method: 'POST', path: '/join/accept', role: 'administrator', answer: accept },
    { method: 'POST', path: '/bridge', role: 'administrator', answer: bridge },
    { method: 'POST', path: '/leave', role: 'administrator', answer: leave },
    { method: 'POST', path: '/children/:id/dismiss', role: 'administrator', answer: dismiss },
    { method: 'POST', path: '/children/:id/revoke', role: 'administrator', answer: revoke },
  ]
}

function actOf({ query, by }: Pick<Call, 'query' | 'by'>): Act {
  return { by: by(), reason: required(query, 'reason') }
}

function childrenIn(body: Readonly<Record<string, unknown>>): readonly DeclaredChild[] {
  const content = declaredFrom({ children: body['children'], organisations: [], groups: {}, exceptions: [] })
  if (content === null || content.children.length === 0) throw usage('children')
  return content.children
}

function usage(reason: string): RelayError {
  return new RelayError('USAGE', { detail: { reason } })
}
