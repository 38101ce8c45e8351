/**
 * The receiving side over REST, a process of its own: waits for what comes, fetches it, says what it got, one JSON line
 * (`ClientReport`) per item, and acknowledges it.
 *
 *     node rest-client.js ACCESS-FILE
 *
 * It waits for the access file, and goes on when the node is away or says "later". It runs until it is ended.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Access } from './access.ts'
import type { ClientReport } from './ledger.ts'

/** Milliseconds between two tries of what did not work. */
const pauseMs = 150
/** The node answers earlier when something comes. */
const waitSeconds = 20

/** The members of an item that are used here. */
interface Item {
  readonly id: number
  readonly uid: string
  readonly from: string
  readonly deliveredAt: string
}

const [file = ''] = process.argv.slice(2)
while (!existsSync(file)) await sleep(pauseMs)
const { organ, url, apiKey } = JSON.parse(readFileSync(file, 'utf8')) as Access

for (;;) {
  const answer = await call('GET', `?wait=${waitSeconds}`)
  const { items } = (await answer.json()) as { readonly items: readonly Item[] }
  for (const item of items) await collect(item)
}

async function collect({ id, uid, from, deliveredAt }: Item): Promise<void> {
  const { body } = await call('GET', `/${id}/packet`)
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    hash.update(chunk)
    bytes += chunk.length
  }
  const report: ClientReport = {
    organ,
    item: id,
    uid,
    sha256: hash.digest('hex'),
    bytes,
    from,
    deliveredAt: Date.parse(deliveredAt),
    readAt: Date.now(),
  }
  process.stdout.write(`${JSON.stringify(report)}\n`)
  await call('POST', `/${id}/acknowledge`)
}

/** Of the mailbox. Tries until the node answers; throws what it refuses. */
async function call(method: 'GET' | 'POST', path: string): Promise<Response> {
  for (;;) {
    try {
      const answer = await fetch(`${url}/v1/mailbox${path}`, { method, headers: { authorization: `Bearer ${apiKey}` } })
      if (answer.ok) return answer
      const problem = await answer.text()
      if (answer.status !== 429 && answer.status !== 503) throw new Error(`${method} ${path}: ${problem}`)
    } catch (error) {
      // fetch says so when there is no connection.
      if (!(error instanceof TypeError)) throw error
    }
    await sleep(pauseMs)
  }
}
