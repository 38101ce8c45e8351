/** What a receiver is told: small, and never the document itself. */
import { arrivalTypes, changeTypes, type HookEventType } from '@lienthong/core'
import type { HookEvent, HookRecord } from '@lienthong/store'

/** The events one can ask for, and what each stands for in the node. */
export const webhookEvents = {
  'document.arrived': [arrivalTypes.document],
  'status.arrived': [arrivalTypes.status],
  'document.outcome': changeTypes,
} as const satisfies Record<string, readonly HookEventType[]>

export type WebhookEvent = keyof typeof webhookEvents
export const webhookEventNames = Object.keys(webhookEvents) as readonly WebhookEvent[]

export function eventNamesOf(types: readonly HookEventType[]): readonly WebhookEvent[] {
  return webhookEventNames.filter((name) => webhookEvents[name].some((type) => types.includes(type)))
}

export interface Message {
  readonly id: string
  readonly body: string
}

export function messageOf(hook: HookRecord, event: HookEvent): Message {
  const [name] = eventNamesOf([event.type])
  const stream = 'item' in event ? 'm' : 'c'
  const at = 'item' in event ? event.item.deliveredAt : event.change.at
  return {
    id: `${hook.id}-${stream}${event.position}`,
    body: JSON.stringify({ type: name, timestamp: new Date(at).toISOString(), data: dataOf(event) }),
  }
}

/** To see whether the receiver is there and checks signatures. */
export function testMessage({ id, organ }: HookRecord, at: number): Message {
  const body = JSON.stringify({ type: 'webhook.test', timestamp: new Date(at).toISOString(), data: { organ } })
  return { id: `${id}-t${at}`, body }
}

function dataOf(event: HookEvent): object {
  if ('item' in event) {
    const { organ, id, uid, from, documentId, headline, payload } = event.item
    return { organ, id, uid, from, documentId, ...headline, size: payload.size, sha256: payload.sha256 }
  }
  const { from, seq, type, uid, documentId, kind, organ, generation, state, code, statusCode } = event.change
  return { from, seq, change: type, uid, documentId, kind, organ, generation, state, code, statusCode }
}
