/** The broker's management API, as far as the bench needs what a node never does. */
import type { Broker } from '../kit/index.ts'

export type Management = (method: 'GET' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<unknown>

export function management({ managementUrl, user, password }: Broker): Management {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  return async (method, path, body) => {
    const response = await fetch(`${managementUrl}/api${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`)
    return text === '' ? null : JSON.parse(text)
  }
}
