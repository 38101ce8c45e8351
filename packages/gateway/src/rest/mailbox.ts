/** What waits for an organisation: listed, and taken by one worker or by several that share it out by leases. */
import { type PacketKind, packetKinds } from '@lienthong/core'
import type { FastifyInstance } from 'fastify'
import { actingAs } from './acting.ts'
import { longPoll, maxWaitSeconds } from './long-poll.ts'
import { as, described, flag, limit, listOf, object, oneOf, options, position, type Schema, whole } from './schema.ts'
import { itemSchema, itemView, leasedItemSchema } from './views.ts'

const tags = ['mailbox']
/** Longest lease, s. */
const maxLeaseSeconds = 86_400
/** Longest time an item may be held back, s. */
const maxDelaySeconds = 7 * 86_400

export const itemParams = object({ id: { ...position, minimum: 1 } })
export interface ItemKey {
  readonly Params: { readonly id: number }
}

const leaseSeconds: Schema = { type: 'integer', minimum: 1, maximum: maxLeaseSeconds, default: 300 }
const lease: Schema = { type: 'string', minLength: 1, maxLength: 100 }

interface ListQuery {
  readonly after: number
  readonly limit: number
  readonly kind?: PacketKind
  readonly all: boolean
  readonly wait: number
}

export function mailboxRoutes(app: FastifyInstance): void {
  const { mailbox } = app.gateway.node

  app.get<{ Querystring: ListQuery }>(
    '/mailbox',
    {
      schema: {
        operationId: 'listMailbox',
        summary: 'Items that wait to be acknowledged, oldest first',
        tags,
        querystring: options({
          as,
          after: described({ ...position, default: 0 }, 'Only items behind this id.'),
          limit: limit(100, 500),
          kind: oneOf(packetKinds),
          all: described({ ...flag, default: false }, 'Also those acknowledged.'),
          wait: described(
            { type: 'integer', minimum: 0, maximum: maxWaitSeconds, default: 0 },
            'Seconds to wait when there is nothing yet.',
          ),
        }),
        response: { 200: { title: 'MailItems', ...object({ items: listOf(itemSchema) }) } },
      },
    },
    async (request, reply) => {
      const { after, limit: most, kind, all, wait } = request.query
      const organ = actingAs(request, 'receive')
      const chosen = { after, ...(kind === undefined ? {} : { kind }) }
      const items = await longPoll(reply, {
        waitSeconds: wait,
        look: () => mailbox.list(organ, { ...chosen, limit: most, all }),
        isEmpty: (found) => found.length === 0,
        waitFor: (options) => mailbox.waitFor(organ, { ...chosen, ...options }),
      })
      return { items: items.map(itemView) }
    },
  )

  app.get<{ Querystring: { kind?: PacketKind } }>(
    '/mailbox/count',
    {
      schema: {
        operationId: 'countMailbox',
        summary: 'How many wait',
        tags,
        querystring: options({ as, kind: oneOf(packetKinds) }),
        response: { 200: { title: 'Count', ...object({ waiting: whole }) } },
      },
    },
    async (request) => {
      const { kind } = request.query
      return { waiting: await mailbox.count(actingAs(request, 'receive'), kind === undefined ? {} : { kind }) }
    },
  )

  app.post<{ Body: { limit: number; leaseSeconds: number; kind?: PacketKind } }>(
    '/mailbox/leases',
    {
      schema: {
        operationId: 'leaseItems',
        summary: 'The oldest items nobody has leased; nobody else gets them by lease meanwhile',
        tags,
        querystring: options({ as }),
        body: options({ limit: limit(10, 100), leaseSeconds, kind: oneOf(packetKinds) }),
        response: { 200: { title: 'LeasedItems', ...object({ items: listOf(leasedItemSchema) }) } },
      },
    },
    async (request) => {
      const { limit: most, leaseSeconds: seconds, kind } = request.body
      const leased = await mailbox.lease(actingAs(request, 'receive'), {
        limit: most,
        leaseMs: seconds * 1000,
        ...(kind === undefined ? {} : { kind }),
      })
      return { items: leased.map((each) => ({ ...itemView(each.item), lease: each.lease })) }
    },
  )

  app.post<ItemKey & { Body: { lease: string; leaseSeconds: number } }>(
    '/mailbox/:id/renew',
    {
      schema: {
        operationId: 'renewLease',
        summary: 'Makes the lease end `leaseSeconds` from now',
        tags,
        params: itemParams,
        querystring: options({ as }),
        body: object({ lease, leaseSeconds }, ['leaseSeconds']),
        response: { 200: itemSchema },
      },
    },
    async (request) => {
      const { lease: held, leaseSeconds: seconds } = request.body
      const options = { lease: held, leaseMs: seconds * 1000 }
      return itemView(await mailbox.renew(actingAs(request, 'receive'), request.params.id, options))
    },
  )

  app.post<ItemKey & { Body: { lease: string; reason?: string; delaySeconds: number } }>(
    '/mailbox/:id/release',
    {
      schema: {
        operationId: 'releaseItem',
        summary: 'Gives an item back before its lease ends; with a reason it is marked `fail`',
        tags,
        params: itemParams,
        querystring: options({ as }),
        body: object(
          {
            lease,
            reason: { type: 'string', minLength: 1, maxLength: 500 },
            delaySeconds: described(
              { type: 'integer', minimum: 0, maximum: maxDelaySeconds, default: 0 },
              'Nobody gets it by lease for so long.',
            ),
          },
          ['reason', 'delaySeconds'],
        ),
        response: { 200: itemSchema },
      },
    },
    async (request) => {
      const { lease: held, reason, delaySeconds } = request.body
      const item = await mailbox.release(actingAs(request, 'receive'), request.params.id, {
        lease: held,
        delayMs: delaySeconds * 1000,
        ...(reason === undefined ? {} : { reason }),
      })
      return itemView(item)
    },
  )

  app.post<ItemKey & { Body: { lease?: string } }>(
    '/mailbox/:id/acknowledge',
    {
      schema: {
        operationId: 'acknowledgeItem',
        summary: 'The item is yours now, and its sender is told. Safe to repeat',
        tags,
        params: itemParams,
        querystring: options({ as }),
        body: options({ lease }),
        response: { 200: itemSchema },
      },
    },
    async (request) =>
      itemView(await mailbox.acknowledge(actingAs(request, 'receive'), request.params.id, request.body)),
  )
}
