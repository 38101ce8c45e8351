/** Document software at nodes that are processes of their own: its credentials, and the lists it can read. */
import type { ClientOptions } from '@lienthong/client'
import type { OrganId } from '@lienthong/core'
import type { RelayNode } from '@lienthong/relay'
import type { PlannedNode } from './federation.ts'

/** What an administrator gives to the software of one organisation. */
export interface Software {
  readonly organ: OrganId
  /** Of the gateway, without a slash at the end. */
  readonly url: string
  readonly apiKey: string
  readonly system: string
  /** For VXP and AMQP. */
  readonly secret: string
}

/**
 * Issues an API key to the software of every organisation of a running node: through its control socket, or to a node
 * of this process. A key outlives the process.
 */
export async function issueSoftware(node: {
  readonly planned: PlannedNode
  readonly client: { readonly systems: Pick<RelayNode['systems'], 'rotate'> }
}): Promise<readonly Software[]> {
  const { http, config } = node.planned
  if (http === null) throw new Error(`${config.id} has no gateway`)
  const issued: Software[] = []
  for (const { id, secret, organisations } of config.systems) {
    const { apiKey = '' } = await node.client.systems.rotate(id, { kind: 'apiKey', overlapMs: 0 }, 'test')
    const [organ = ''] = organisations
    issued.push({ organ, url: `http://127.0.0.1:${http.port}`, apiKey, system: id, secret })
  }
  return issued
}

/** For a client over HTTP. */
export function clientOptions({ url, apiKey, organ }: Software): ClientOptions {
  return { url, apiKey, as: organ, language: 'en' }
}

const lists = {
  /** Every row of the mailbox, acknowledged or not. */
  mailbox: { path: '/v1/mailbox?all=true&', rows: 'items', key: 'id' },
  /** Every document handed in. */
  documents: { path: '/v1/documents?', rows: 'documents', key: 'seq' },
} as const

export interface ListedRow {
  readonly uid: string
  /** Of a mailbox. */
  readonly sha256?: string
  /** Of documents handed in. */
  readonly settled?: boolean
  readonly recipients?: readonly { readonly organ: OrganId; readonly state: string }[]
}

const pageSize = 500

/** All rows, page by page, as anybody with the key can read them. */
export async function listAll(
  { url, apiKey, organ }: Pick<Software, 'url' | 'apiKey' | 'organ'>,
  list: keyof typeof lists,
): Promise<readonly ListedRow[]> {
  const { path, rows, key } = lists[list]
  const found: (ListedRow & Readonly<Record<string, unknown>>)[] = []
  for (;;) {
    const after = Number(found.at(-1)?.[key] ?? 0)
    const answer = await fetch(`${url}${path}as=${organ}&limit=${pageSize}&after=${after}`, {
      headers: { authorization: `Bearer ${apiKey}` },
    })
    if (!answer.ok) throw new Error(`${list} of ${organ}: ${answer.status} ${await answer.text()}`)
    const page = ((await answer.json()) as Record<string, typeof found>)[rows] ?? []
    found.push(...page)
    if (page.length < pageSize) return found
  }
}
