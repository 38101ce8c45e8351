/** Takes out of a running broker whatever tests have put into it. */
import type { Broker } from './broker.ts'

type Access = Pick<Broker, 'managementUrl' | 'user' | 'password'>

/** Resolves when it holds what it held after its first start; whoever was connected is no more. */
export async function emptyBroker(broker: Access): Promise<void> {
  const { user } = broker
  for (const { name } of await list(broker, 'vhosts'))
    await call(broker, 'DELETE', `vhosts/${encodeURIComponent(name)}`)
  for (const { name } of await list(broker, 'users')) {
    if (name !== user) await call(broker, 'DELETE', `users/${encodeURIComponent(name)}`)
  }
  await call(broker, 'PUT', 'vhosts/%2F')
  await call(broker, 'PUT', `permissions/%2F/${user}`, { configure: '.*', write: '.*', read: '.*' })
}

async function list(broker: Access, what: 'vhosts' | 'users'): Promise<readonly { readonly name: string }[]> {
  return (await (await call(broker, 'GET', what)).json()) as { name: string }[]
}

async function call(broker: Access, method: string, path: string, body?: object): Promise<Response> {
  const { managementUrl, user, password } = broker
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const response = await fetch(`${managementUrl}/api/${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json', connection: 'close' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response
}
