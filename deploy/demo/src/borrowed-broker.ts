/**
 * A running broker that the demonstration may use: what it makes there it takes away again, and it makes nothing that
 * somebody else has made already.
 */
import type { Broker } from '@lienthong/test/kit'
import { tree } from './tree.ts'

export interface BorrowedBroker {
  readonly broker: Broker
  /** Marks a vhost as ours, to be deleted at the end, and returns its name. */
  vhost(name: string): string
  /** Deletes vhosts and accounts. Rejects when the broker cannot be reached. */
  giveBack(): Promise<void>
}

/** Rejects when an account is there that a node would have to take for its child or for document software. */
export async function borrowBroker(broker: Broker): Promise<BorrowedBroker> {
  const vhosts = new Set<string>()
  const accounts = tree.flatMap(({ id, parent }) => [`dms.${id}`, ...(parent === null ? [] : [id])])
  for (const account of accounts) {
    if ((await ask(broker, 'GET', `users/${encodeURIComponent(account)}`)) === 404) continue
    throw new Error(
      `the broker at ${broker.managementUrl} has an account ${account} already: delete it, or use another`,
    )
  }
  return {
    broker,
    vhost(name) {
      vhosts.add(name)
      return name
    },
    async giveBack() {
      for (const name of vhosts) await ask(broker, 'DELETE', `vhosts/${encodeURIComponent(name)}`)
      for (const account of accounts) await ask(broker, 'DELETE', `users/${encodeURIComponent(account)}`)
    },
  }
}

/** Status of the answer: 404 is one, every other refusal is an error. */
async function ask(broker: Broker, method: 'GET' | 'DELETE', path: string): Promise<number> {
  const credentials = Buffer.from(`${broker.user}:${broker.password}`).toString('base64')
  const response = await fetch(`${broker.managementUrl}/api/${path}`, {
    method,
    headers: { authorization: `Basic ${credentials}` },
  })
  await response.body?.cancel()
  if (response.ok || response.status === 404) return response.status
  throw new Error(`${method} ${path} at the broker: ${response.status}`)
}
