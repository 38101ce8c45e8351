/** What the own broker says of itself and its queues: names and numbers, never a message. */
import type { NodeConfig } from '@lienthong/relay'

export interface BrokerView {
  readonly version: string | null
  readonly erlang: string | null
  readonly queues: readonly QueueView[]
  /** Why something could not be had; null: nothing is missing. */
  readonly missing: string | null
}

export interface QueueView {
  readonly name: string
  readonly ready: number | null
  readonly unacknowledged: number | null
  readonly bytes: number | null
  readonly consumers: number | null
  readonly state: string | null
}

const timeoutMs = 5_000

/** Never throws. */
export async function viewBroker({ address, managementUrl }: NodeConfig['broker']): Promise<BrokerView> {
  const authorization = `Basic ${Buffer.from(`${address.user}:${address.password}`).toString('base64')}`
  const ask = async (path: string): Promise<unknown> => {
    const signal = AbortSignal.timeout(timeoutMs)
    const answer = await fetch(new URL(path, managementUrl), { headers: { authorization }, signal })
    if (answer.ok) return answer.json()
    await answer.body?.cancel()
    throw Object.assign(new Error('refused'), { code: String(answer.status) })
  }
  try {
    const overview = recordOf(await ask('/api/overview'))
    const queues = await ask(`/api/queues/${encodeURIComponent(address.vhost)}`)
    return {
      version: textOf(overview['rabbitmq_version']),
      erlang: textOf(overview['erlang_version']),
      queues: Array.isArray(queues) ? queues.map(recordOf).map(queueOf) : [],
      missing: null,
    }
  } catch (error) {
    return { version: null, erlang: null, queues: [], missing: reasonOf(error) }
  }
}

function queueOf(queue: Readonly<Record<string, unknown>>): QueueView {
  return {
    name: textOf(queue['name']) ?? '',
    ready: numberOf(queue['messages_ready']),
    unacknowledged: numberOf(queue['messages_unacknowledged']),
    bytes: numberOf(queue['message_bytes']),
    consumers: numberOf(queue['consumers']),
    state: textOf(queue['state']),
  }
}

function reasonOf(error: unknown): string {
  const { code, cause, name } = error as { code?: unknown; cause?: { code?: unknown }; name?: unknown }
  return String(cause?.code ?? code ?? name)
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
