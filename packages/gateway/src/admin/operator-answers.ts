/** Calls about those who administer from elsewhere. */
import { operatorRoles } from '@lienthong/core'
import type { OperatorChange } from '@lienthong/relay'
import { type Call, oneOf, type Route, required, sendJson, wholeOf } from './call.ts'
import type { AdminNode } from './door.ts'

export function operatorRoutes({ operators }: Pick<AdminNode, 'operators'>): readonly Route[] {
  async function add({ response, query, by }: Call): Promise<void> {
    const name = query.get('name')
    const request = {
      id: required(query, 'id'),
      role: oneOf(required(query, 'role'), 'role', operatorRoles),
      ...(name === null ? {} : { name }),
    }
    sendJson(response, await operators.add(request, by()))
  }

  async function rotate({ response, query, id, by }: Call): Promise<void> {
    sendJson(response, await operators.rotate(id, { overlapMs: wholeOf(query, 'overlapMs') ?? 0 }, by()))
  }

  async function change({ response, query, id, by }: Call): Promise<void> {
    const [name, role, disabled] = ['name', 'role', 'disabled'].map((each) => query.get(each))
    const request: OperatorChange = {
      ...(name ? { name } : {}),
      ...(role ? { role: oneOf(role, 'role', operatorRoles) } : {}),
      ...(disabled ? { disabled: disabled === 'true' } : {}),
    }
    sendJson(response, await operators.change(id, request, by()))
  }

  return [
    {
      method: 'GET',
      path: '/operators',
      role: 'administrator',
      answer: ({ response }) => sendJson(response, operators.list()),
    },
    { method: 'POST', path: '/operators', role: 'administrator', answer: add },
    { method: 'POST', path: '/operators/:id/rotate', role: 'administrator', answer: rotate },
    { method: 'POST', path: '/operators/:id/change', role: 'administrator', answer: change },
  ]
}
