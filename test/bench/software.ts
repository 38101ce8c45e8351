/** The process that stands for the document software of one organisation: hands in by the client, or lists, fetches and acknowledges. */
import { createHash } from 'node:crypto'
import { openClient } from '@lienthong/client'
import { monotonicMs } from './clock.ts'
import { onOrders, report } from './forked.ts'
import { atRate, inParallel } from './in-parallel.ts'
import { createPackets } from './packets.ts'
import type { Desk, SoftwareOrder, SoftwareReport } from './software-contract.ts'

/** Items fetched and acknowledged at once. */
const takenAtOnce = 8
const pageSize = 500
const waitSeconds = 30

interface Item {
  readonly id: number
  readonly uid: string
  readonly sha256: string
}

/** Numbers never come twice, whatever is ordered. */
const packets = createPackets()

onOrders((order: SoftwareOrder) => (order.type === 'send' ? send(order) : collect(order)))

async function send(order: SoftwareOrder & { type: 'send' }): Promise<void> {
  const { desk, documents, pace, size, to } = order
  await using client = openClient({ url: desk.url, apiKey: desk.apiKey, as: desk.organ })
  const maker = await packets.maker(size, { from: desk.organ, to })
  const begun: [string, number][] = []
  const one = async (): Promise<void> => {
    const bytes = maker.next()
    const at = monotonicMs()
    const { uid } = await client.submit(bytes)
    begun.push([uid, at])
  }
  await ('atOnce' in pace ? inParallel(documents, pace.atOnce, one) : atRate(pace.perSecond, documents, one))
  report<SoftwareReport>({ type: 'sent', begun })
}

/** What waits is asked for by long poll; what is listed is fetched and acknowledged at once. */
async function collect({ desk, documents }: SoftwareOrder & { type: 'collect' }): Promise<void> {
  report<SoftwareReport>({ type: 'ready' })
  const arrivals: [string, number, number][] = []
  const lanes = Array.from({ length: takenAtOnce }, () => Promise.resolve())
  let after = 0
  for (let listed = 0; listed < documents; ) {
    const path = `/v1/mailbox?as=${desk.organ}&after=${after}&limit=${pageSize}&wait=${waitSeconds}`
    const { items } = (await (await call(desk, 'GET', path)).json()) as { readonly items: readonly Item[] }
    const at = monotonicMs()
    for (const item of items) {
      const lane = listed % takenAtOnce
      lanes[lane] = (lanes[lane] as Promise<void>).then(async () => {
        await take(desk, item)
        arrivals.push([item.uid, at, monotonicMs()])
      })
      listed += 1
      after = item.id
    }
  }
  await Promise.all(lanes)
  report<SoftwareReport>({ type: 'collected', arrivals })
}

async function take(desk: Desk, { id, sha256 }: Item): Promise<void> {
  const packet = await (await call(desk, 'GET', `/v1/mailbox/${id}/packet?as=${desk.organ}`)).arrayBuffer()
  const digest = createHash('sha256').update(new Uint8Array(packet)).digest('hex')
  if (digest !== sha256) throw new Error(`item ${id} is damaged`)
  await (await call(desk, 'POST', `/v1/mailbox/${id}/acknowledge?as=${desk.organ}`)).arrayBuffer()
}

async function call({ url, apiKey }: Desk, method: string, path: string): Promise<Response> {
  const answer = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${apiKey}` } })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return answer
}
